// Sound as a WAV file of 16 bits: the one form that every model's reader takes.

const HEADER_BYTES = 44;

export function wav(buffer) {
  const { numberOfChannels: nChannels, length, sampleRate } = buffer;
  const nBytes = length * nChannels * 2;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + nBytes));
  const text = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + nBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, nChannels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * nChannels * 2, true);
  view.setUint16(32, nChannels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, nBytes, true);
  const channels = Array.from({ length: nChannels }, (_, channel) => buffer.getChannelData(channel));
  let at = HEADER_BYTES;
  for (let sample = 0; sample < length; sample += 1) {
    for (const channel of channels) {
      view.setInt16(at, Math.max(-1, Math.min(channel[sample], 1)) * 0x7fff, true);
      at += 2;
    }
  }
  return view.buffer;
}
