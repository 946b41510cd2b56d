// Draws the page's icons from icon.svg, with a Chromium: npx tsx scripts/make-icons.ts

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./site/chromium.ts";

const FOLDER = fileURLToPath(new URL("../src/web/public", import.meta.url));
// Some systems cut a circle or a drop out of the icon: the drawing keeps within its middle.
const ICONS = [
  { name: "icon-192.png", size: 192, maskable: false },
  { name: "icon-512.png", size: 512, maskable: false },
  { name: "icon-maskable-512.png", size: 512, maskable: true },
];

const drawing = readFileSync(join(FOLDER, "icon.svg"), "utf8");
const browser = await launchChromium();
for (const { name, size, maskable } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = maskable
    ? drawing.replace('rx="9"', "").replace("<path", '<path transform="translate(3.2 3.2) scale(.8)"')
    : drawing;
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  writeFileSync(join(FOLDER, name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
