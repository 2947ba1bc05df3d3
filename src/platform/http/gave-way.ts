/** Those who gave their place away while they wait for somebody else: so many at most, with so many bytes of large bodies. */
export function boundThoseWhoGaveWay(most: { count: number; bytes: number }) {
  const now = { count: 0, bytes: 0 };
  return {
    /** @returns whether one more may; he has to come back, then */
    begin(bytes: number): boolean {
      if (now.count >= most.count || now.bytes + bytes > most.bytes) return false;
      now.count++;
      now.bytes += bytes;
      return true;
    },
    end(bytes: number) {
      now.count--;
      now.bytes -= bytes;
    },
  };
}
