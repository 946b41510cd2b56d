import { useState } from "react";
import { createRoot } from "react-dom/client";
import { classifyRecording } from "spoken-digits";

function App() {
  const [text, setText] = useState("Choose a recording.");
  const classify = async ({ target }) => {
    const { digit, none, string } = await classifyRecording(target.files[0]);
    setText(digit === null ? `No digit: ${string ?? none}` : `The digit is ${digit}.`);
  };
  return (
    <label>
      Recording <input type="file" accept="audio/*" onChange={classify} />
      <output>{text}</output>
    </label>
  );
}

createRoot(document.getElementById("root")).render(<App />);
