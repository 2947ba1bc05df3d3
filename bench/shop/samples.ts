import type { ClientBase } from "pg";
import { ProductSort } from "../../src/catalog/product.types";
import { keyOf } from "../../src/catalog/product-order";
import { toConnection } from "../../src/platform/connection";
import { toId } from "../../src/platform/ids";
import type { ShopData } from "../scenarios/ours";
import type { RawData } from "../scenarios/raw";
import { type Customer, PASSWORD } from "./customers";

/** Of each kind at most: more than fit into any cache of the processor, few enough to be sent to the driver. */
const MOST = 4_000;

/** What the measurements ask about, spread evenly over the shop. */
export async function takeSamples(owner: ClientBase, customers: (Customer & { token: string })[]) {
  const rows = async <Row extends object>(text: string) => (await owner.query<Row>(text)).rows;
  const products = await rows<{ id: string; title: string; handle: string }>(
    `SELECT id, title, handle FROM products WHERE status = 'ACTIVE' AND (title, id) <= (SELECT title, id FROM products WHERE status = 'ACTIVE'
      ORDER BY title DESC, id DESC LIMIT 1 OFFSET 20) ORDER BY md5(id::text) LIMIT ${MOST}`,
  );
  const variants = await rows<{ id: string }>(`SELECT id FROM variants ORDER BY md5(id::text) LIMIT ${MOST}`);
  const collections = await rows<{ id: string }>("SELECT id FROM collections");
  const handles = products.map(({ handle }) => handle);
  const terms = [...new Set(products.flatMap(({ title }) => title.toLowerCase().split(" ")))];
  const ours: ShopData = {
    cursors: cursorsOf(products),
    handles,
    terms,
    phrases: products.map(({ title }) => title.toLowerCase().split(" ").slice(-2).join(" ")),
    collectionIds: collections.map(({ id }) => toId("coll", id)),
    variantIds: variants.map(({ id }) => toId("var", id)),
    customers,
    password: PASSWORD,
  };
  const raw: RawData = {
    pages: products.map(({ id, title }) => ({ id, title })),
    handles,
    terms,
    variants: variants.map(({ id }) => id),
    accounts: customers.map(({ id }) => id),
  };
  return { ours, raw };
}

/** As the server itself makes them. */
function cursorsOf(products: { id: string; title: string }[]): string[] {
  const rows = products.map(({ id, title }) => ({ uuid: id, key: title }));
  const page = { limit: rows.length, cursor: null, backward: false };
  const { edges } = toConnection(rows, page, keyOf(ProductSort.TITLE), async () => 0);
  return edges.map(({ cursor }) => cursor);
}
