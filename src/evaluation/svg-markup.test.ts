import { describe, expect, it } from "vitest";
import { svgDocument, svgElement, svgText } from "./svg-markup.ts";

describe("svgElement", () => {
  it("escapes text and attribute values, and takes markup as it is", () => {
    const inner = svgElement("b", { title: `"<&>'` }, "a < b & c");
    expect(svgElement("a", {}, inner, "]]>").markup).toBe(
      `<a><b title="&quot;&lt;&amp;&gt;'">a &lt; b &amp; c</b>]]&gt;</a>`,
    );
  });

  it("replaces characters that XML cannot hold", () => {
    expect(svgElement("a", {}, "x\u0000\u001b\uD800\uFFFEy\t\n").markup).toBe(
      "<a>x\uFFFD\uFFFD\uFFFD\uFFFDy\t\n</a>",
    );
  });

  it("leaves out undefined attributes and rounds numbers to a hundredth", () => {
    expect(svgElement("rect", { x: 1 / 3, y: 2, rx: undefined }).markup).toBe('<rect x="0.33" y="2"/>');
  });
});

describe("svgText", () => {
  it("has the tone of the ground unless given a colour", () => {
    expect(svgText("a", { x: 1, y: 2 }).markup).toBe('<text x="1" y="2" font-size="12" class="ink">a</text>');
    expect(svgText("a", { x: 1, y: 2, fill: "#fff" }).markup).not.toContain("class");
  });
});

describe("svgDocument", () => {
  it("describes itself and follows the reader's colour scheme", () => {
    const file = svgDocument({ width: 10, height: 20, description: "A & B" });
    expect(file).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="10" height="20" viewBox="0 0 10 20"/,
    );
    expect(file).toContain("<title>A &amp; B</title>");
    expect(file).toContain("prefers-color-scheme: dark");
  });
});
