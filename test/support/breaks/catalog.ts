import { type Break, unlock } from "./break";

/** Makes every product known to search. */
const INDEX = "SELECT index_products(array_agg(id)) FROM products";

/** Puts every product into a collection. */
const IN_COLLECTION = `WITH all_of_them AS (
    INSERT INTO collections (id, handle, title, created_at, updated_at) VALUES (gen_random_uuid(), 'all', 'All', now(), now()) RETURNING id)
  INSERT INTO product_collections (product_id, collection_id) SELECT products.id, all_of_them.id FROM products, all_of_them`;

/** Ways to break what is kept beside the catalogue's tables. */
export const catalogBreaks: Break[] = [
  [
    "price ranges are the lowest and highest prices of live variants",
    "UPDATE product_price_ranges SET max_amount = max_amount + 1",
  ],
  ["price ranges are the lowest and highest prices of live variants", "DELETE FROM product_price_ranges"],
  [
    "search counts each product once under each of its keys",
    "INSERT INTO search_blocks (key, block, places) VALUES ('t:ghost', 0, '{0}')",
  ],
  [
    "search counts each product once under each of its keys",
    INDEX,
    "UPDATE search_blocks SET places = ARRAY(SELECT (place + 1)::smallint FROM unnest(places) AS place)", // as many bits, each of another product
  ],
  [
    "search counts each product once under each of its keys",
    INDEX,
    "UPDATE search_documents SET keys = keys || keys",
  ],
  ...[
    "UPDATE search_facets SET keys = keys || ARRAY['tag:ghost']",
    "UPDATE search_facets SET product_id = gen_random_uuid()",
    "DELETE FROM search_facets",
  ].map((change): Break => ["search counts of each product the facets that its keys say", INDEX, change]),
  ...[
    "UPDATE products SET vendor = 'Somebody else'",
    "UPDATE products SET title = 'Something else'",
    "UPDATE variants SET sku = 'ELSE-1'",
    "UPDATE product_price_ranges SET min_amount = 1",
    "DELETE FROM product_collections",
    "UPDATE search_documents SET keys = keys || ARRAY['tag:ghost']",
    "DELETE FROM search_documents",
  ].map((change): Break => ["search knows a product by what its tables say", IN_COLLECTION, INDEX, change]),
  ["a product is available when a live variant can be sold", "UPDATE products SET available = NOT available"],
  ["a product's documents say what its tables say", "UPDATE prices SET amount = amount + 1"],
  ["a product's documents say what its tables say", "UPDATE product_documents SET images = '[{}]'"],
  ["a product's documents say what its tables say", "DELETE FROM product_documents"],
  [
    "what a country is offered is what zones, options and rates say",
    "UPDATE delivery_terms SET tax_rate = tax_rate + 1",
  ],
  ["what a country is offered is what zones, options and rates say", "DELETE FROM delivery_terms"],
  ["products of each status are as many as their count says", "DELETE FROM product_counts"],
  [
    "products of each status are as many as their count says",
    unlock("products"),
    "UPDATE products SET status = 'ARCHIVED'",
  ],
  ...["cart_lines", "order_lines", "reservations", "stock_movements"].map(
    (table): Break => [
      "what is in carts, orders and stock is a variant that is there",
      unlock(table),
      `UPDATE ${table} SET variant_id = gen_random_uuid()`,
    ],
  ),
];
