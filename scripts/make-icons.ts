// Draws the page's icons from icon.svg, and the picture shown where it is shared, with a Chromium: npx tsx
// scripts/make-icons.ts

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
const share = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await share.setContent(sharePicture());
writeFileSync(join(FOLDER, "share.png"), await share.screenshot());
await browser.close();

/** What the page does, in one picture: a number above the waveform of a voice that says it. */
function sharePicture(): string {
  const loudness = (i: number) =>
    Math.abs(Math.sin(i * 0.21)) * (0.45 + 0.55 * Math.abs(Math.sin(i * 0.73))) + 0.04;
  const bars = Array.from(
    { length: 60 },
    (_, i) => `<i style="height:${Math.round(loudness(i) * 170)}px"></i>`,
  );
  return `<style>
    body { margin: 0; padding: 70px 90px; background: #f6f5f2; color: #1c1d22; font-family: Inter, "DejaVu Sans", sans-serif }
    header { display: flex; align-items: center; gap: 22px; font-size: 38px; font-weight: 650 }
    svg { width: 68px; height: 68px } b { display: block; color: #2f3cae; font-size: 190px; line-height: 1.15; letter-spacing: 30px }
    div { display: flex; align-items: center; gap: 8px; height: 180px } i { width: 9px; border-radius: 5px; background: #98a2ff }
  </style><header>${drawing} Spoken Digits</header><b>1660</b><div>${bars.join("")}</div>`;
}
