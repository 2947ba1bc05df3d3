/** An HTTP answer: its status, the names and values of its head as they came, and its body. */
export type Answer = { status: number; head: string; body: Buffer };

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

/**
 * Reads one HTTP/1.1 answer after the other from a connection's bytes: bodies of known length and chunked ones. `onAnswer` hears of each as
 * soon as its last byte is there.
 */
export function readAnswers(onAnswer: (answer: Answer) => void): (bytes: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  return (bytes) => {
    kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
    for (let read = readAnswer(kept); read; read = readAnswer(kept)) {
      kept = kept.subarray(read.end);
      onAnswer(read.answer);
    }
  };
}

function readAnswer(bytes: Buffer): { answer: Answer; end: number } | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = bytes.toString("latin1", 0, headEnd);
  const start = headEnd + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const read = length === undefined ? readChunks(bytes, start) : readLength(bytes, start, Number(length));
  return read && { answer: { status: Number(head.slice(9, 12)), head, body: read.body }, end: read.end };
}

function readLength(bytes: Buffer, start: number, length: number) {
  const end = start + length;
  return bytes.length < end ? null : { body: bytes.subarray(start, end), end };
}

/** RFC 9112, section 7.1, without trailers. */
function readChunks(bytes: Buffer, start: number) {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const from = lineEnd + LINE_END.length;
    at = from + size + LINE_END.length;
    if (bytes.length < at) return null;
    if (size === 0) return { body: Buffer.concat(parts), end: at };
    parts.push(bytes.subarray(from, from + size));
  }
}
