import { classifyRecording } from "spoken-digits";

export async function POST(request) {
  const { digit, confidence, none, string } = await classifyRecording(request);
  return Response.json({ digit, confidence, none, string });
}
