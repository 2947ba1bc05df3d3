import { createFairQueue } from "./fair-queue";

function aQueue(most: number) {
  const refused: string[] = [];
  const queue = createFairQueue<string>(most, (item) => refused.push(item));
  const push = (caller: string, ...items: string[]) => {
    for (const item of items) queue.push(caller, item);
  };
  const all = () => {
    const served: (string | undefined)[] = [];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) served.push(next);
    return served;
  };
  return { queue, refused, push, all };
}

test("callers are served in turn, each in his order", () => {
  const { push, all } = aQueue(10);
  push("a", "a1", "a2", "a3");
  push("b", "b1");
  push("c", "c1", "c2");
  expect(all()).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
});

test("when it is full, whoever has fewer in it takes the last place of the one with the most", () => {
  const { queue, refused, push, all } = aQueue(4);
  push("a", "a1", "a2", "a3", "a4");
  expect([queue.hasRoom("a"), queue.hasRoom("b")]).toEqual([false, true]);
  push("b", "b1", "b2");
  expect(refused).toEqual(["a4", "a3"]);
  expect(queue.hasRoom("b")).toBe(false); // they have as many
  expect(queue.hasRoom("c")).toBe(true);
  expect(all()).toEqual(["a1", "b1", "a2", "b2"]);
  expect(queue.hasRoom("a")).toBe(true);
});

test("nobody is put out for a newcomer when everybody has one", () => {
  const { queue, push } = aQueue(2);
  push("a", "a1");
  push("b", "b1");
  expect(queue.hasRoom("c")).toBe(false);
});
