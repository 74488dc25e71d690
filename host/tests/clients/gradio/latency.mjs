// The time of sequential calls with `@gradio/client`, in microseconds: its median. usage: latency.mjs URL ENDPOINT CALLS
import { Client } from "gradio-client-2.7.0";

const [url, endpoint, calls] = process.argv.slice(2);
const app = await Client.connect(url);
const times = [];
for (let call = 0; call < Number(calls); call++) {
  const before = performance.now();
  const { data } = await app.predict(endpoint, [call, 1]);
  times.push((performance.now() - before) * 1000);
  if (data[0] !== call + 1) throw new Error(`${call} + 1 = ${data[0]}`);
}
times.sort((a, b) => a - b);
console.log(times[Math.floor(times.length / 2)].toFixed(1));
process.exit(0);
