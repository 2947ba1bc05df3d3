import { isDeepStrictEqual } from "node:util";
import { prefixOf, readId } from "../src/platform/ids";
import { createUser } from "./driver/user";
import { documents } from "./scenarios/documents";
import type { ShopData } from "./scenarios/ours";
import type { RawData } from "./scenarios/raw";

/**
 * Asks our server and the raw one the same questions and holds the answers against each other: a limit that sends less is none.
 * @throws Error naming the first operation whose answers differ
 */
export async function checkEqualWork(
  urls: { ours: string; raw: string },
  { ours, raw }: { ours: ShopData; raw: RawData },
): Promise<void> {
  const [user, limit] = [createUser(urls.ours), createUser(urls.raw)];
  const [customer, account] = [ours.customers[0], raw.accounts[0]];
  try {
    for (let n = 0; n < Math.min(20, ours.handles.length); n++) {
      const handle = { handle: ours.handles[n] };
      const pairs = {
        list: [
          await user.ask(documents.list, { after: ours.cursors[n] }),
          await limit.ask("list", raw.pages[n]),
        ],
        detail: [await user.ask(documents.detail, handle), await limit.ask("detail", handle)],
      };
      for (const [name, [mine, theirs]] of Object.entries(pairs)) compare(name, mine, theirs);
    }
    const own = { authorization: `Bearer ${customer?.token}` };
    const { me } = await user.ask(documents.orders, {}, own);
    compare("orders", { orders: me.orders }, await limit.ask("orders", { account }));
  } finally {
    user.close();
    limit.close();
  }
}

function compare(name: string, ours: unknown, raw: unknown) {
  const plain = JSON.parse(JSON.stringify(ours), (key, value) => (key === "id" ? uuidOf(value) : value));
  if (isDeepStrictEqual(plain, raw)) return;
  throw new Error(`${name} is not the same work:\n${JSON.stringify(plain)}\n${JSON.stringify(raw)}`);
}

/** Ours are typed, the raw server's are not. */
const uuidOf = (id: string) => readId(prefixOf(id) as never, id) ?? id;
