// For bundlers that do not follow `new URL(..., import.meta.url)`, as esbuild and Rollup: the files are imported by name.
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { classifyRecording, loadClassifier, loadStreamModel } from "spoken-digits";
import compactUrl from "spoken-digits/models/compact.onnx";
import streamUrl from "spoken-digits/models/stream.onnx";

const classifier = await loadClassifier({ model: compactUrl, wasmUrl });
const streamModel = await loadStreamModel({ model: streamUrl, wasmUrl });

function App() {
  const [text, setText] = useState("Choose a recording.");
  const classify = async ({ target }) => {
    const { digit, none, string } = await classifyRecording(target.files[0], { classifier, streamModel });
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
