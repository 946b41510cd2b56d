"use client";
import { useState } from "react";

export default function Page() {
  const [texts, setTexts] = useState({});
  const classify = async ({ target }) => {
    const { classifyRecording } = await import("spoken-digits");
    const here = await classifyRecording(target.files[0]);
    const response = await fetch("/api/classify", { method: "POST", body: target.files[0] });
    const there = await response.json();
    setTexts({ here: `The digit is ${here.digit}.`, there: `The server says ${there.digit}.` });
  };
  return (
    <label>
      Recording <input type="file" accept="audio/*" onChange={classify} />
      <output>{texts.here ?? "Choose a recording."}</output>
      <p id="there">{texts.there}</p>
    </label>
  );
}
