import { Readable } from "node:stream";
import { parseProducts } from "./parse-products";
import { isRefused, type ParsedProduct, type RefusedRow } from "./parsed-product";

/** Parses a text in pieces so small that every cell is cut somewhere. */
async function parse(text: string, currency = "EUR") {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  );
  const products: ParsedProduct[] = [];
  const refused: RefusedRow[] = [];
  for await (const entry of parseProducts(Readable.from(pieces), { currency })) {
    if (isRefused(entry)) refused.push(entry);
    else products.push(entry);
  }
  return { products, refused };
}

const HEADER = "Handle,Title,Variant Price";
const one = async (header: string, cells: string) => {
  const { products, refused } = await parse(`Handle,Title,${header}\ntea,Tea,${cells}\n`);
  return {
    product: products[0],
    variant: products[0]?.variants[0],
    reasons: refused.map((row) => row.reason),
  };
};

test("a product with options, several rows and an image-only row", async () => {
  const { products, refused } =
    await parse(`\uFEFFTags,Variant Price,Handle,Colour of the box,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Compare At Price,Image Src,Image Position,Image Alt Text,Variant Image,Status,Published
"warm, soft ,warm",19.9,scarf,red,Scarf,"<p>Two
lines</p>",Nord,Scarves,Size,S,Color,Red,SC-S,shopify,7,continue,25.00,https://x.test/b.png,2,Back,https://x.test/s.png,active,TRUE
,20,scarf,,,,,,,M,,Red,SC-M,,3,deny,0,,,,,,
,,scarf,,,,,,,,,,,,,,,https://x.test/a.png,1,Front,,,
`);
  expect(refused).toEqual([]);
  expect(products).toMatchObject([
    {
      line: 2,
      lines: [2, 4, 5],
      handle: "scarf",
      title: "Scarf",
      descriptionHtml: "<p>Two\nlines</p>",
      vendor: "Nord",
      productType: "Scarves",
      tags: ["warm", "soft"],
      status: "ACTIVE",
      images: [
        { url: "https://x.test/a.png", altText: "Front" },
        { url: "https://x.test/b.png", altText: "Back" },
      ],
      options: [
        { name: "Size", values: ["S", "M"] },
        { name: "Color", values: ["Red"] },
      ],
      variants: [
        {
          line: 2,
          sku: "SC-S",
          optionValues: ["S", "Red"],
          price: 1990n,
          compareAt: 2500n,
          tracked: true,
          oversell: true,
          stock: 7,
          imageUrl: "https://x.test/s.png",
        },
        {
          line: 4,
          sku: "SC-M",
          optionValues: ["M", "Red"],
          price: 2000n,
          compareAt: null,
          tracked: false,
          oversell: false,
          stock: null,
          imageUrl: null,
        },
      ],
    },
  ]);
});

test("Title / Default Title means a product without options", async () => {
  const { product } = await one("Option1 Name,Option1 Value,Variant Price", "Title,Default Title,5");
  expect(product?.options).toEqual([]);
  expect(product?.variants[0]?.optionValues).toEqual([]);
});

test.each([
  ["Status,Variant Price", "draft,1", "DRAFT"],
  ["Status,Variant Price", "Archived,1", "ARCHIVED"],
  ["Status,Variant Price", ",1", "ACTIVE"],
  ["Published,Variant Price", "FALSE,1", "DRAFT"],
  ["Status,Published,Variant Price", "active,false,1", "DRAFT"],
  ["Status,Published,Variant Price", "archived,true,1", "ARCHIVED"],
])("%s %s is %s", async (header, cells, status) => {
  expect((await one(header, cells)).product?.status).toBe(status);
});

test.each([
  ["24.90", "EUR", 2490n],
  ["24.9", "EUR", 2490n],
  ["0", "EUR", 0n],
  ["500", "JPY", 500n],
  ["90071992547409.91", "EUR", 9007199254740991n],
])("%s %s is %s minor units", async (text, currency, amount) => {
  const { products } = await parse(`${HEADER}\ntea,Tea,${text}\n`, currency);
  expect(products[0]?.variants[0]?.price).toBe(amount);
});

test.each(["12.345", '"1,00"', "-1", "abc", "1e3", "€5", "90071992547409.92", "NaN", ".5"])(
  "the price %s is refused",
  async (text) => {
    const { products, refused } = await parse(`${HEADER}\ntea,Tea,${text}\n`);
    expect(products).toEqual([]);
    expect(refused).toEqual([
      {
        line: 2,
        handle: "tea",
        reason: `Variant Price "${text.replaceAll('"', "")}" is not an amount of EUR`,
      },
    ]);
  },
);

test.each([
  ["Variant Price,Variant Compare At Price", "1,x", 'Variant Compare At Price "x" is not an amount of EUR'],
  ["Variant Price,Variant Inventory Policy", "1,maybe", "Variant Inventory Policy must be deny or continue"],
  [
    "Variant Price,Variant Inventory Qty",
    "1,1.5",
    'Variant Inventory Qty "1.5" is not a whole number up to 1000000000',
  ],
  [
    "Variant Price,Variant Inventory Tracker,Variant Inventory Qty",
    "1,shopify,-",
    'Variant Inventory Qty "-" is not a whole number up to 1000000000',
  ],
  [
    "Variant Price,Variant Inventory Qty",
    "1,1000000001",
    'Variant Inventory Qty "1000000001" is not a whole number up to 1000000000',
  ],
  [
    "Variant Price,Variant Inventory Tracker,Variant Inventory Qty",
    "1,shopify,-1",
    "Variant Inventory Qty is negative, which only the policy continue allows",
  ],
  ["Variant Price,Option1 Name", "1,Size", "Option1 Value (Size) is empty"],
  ["Variant Price,Option2 Value", "1,Red", "Option2 Value is given for an option without a name"],
  ["Variant Price,Image Src", "1,javascript:x", `Image Src "javascript:x" is not an image's address`],
  ["Variant Price,Variant Image", "1,a.png", `Variant Image "a.png" is not an image's address`],
  ["Variant Price,Status", "1,constructor", "Status must be active, draft or archived"],
  [
    "Variant Price,Image Src,Image Alt Text",
    `1,https://x.test/a.png,${"a".repeat(513)}`,
    "Image Alt Text is longer than 512 characters",
  ],
  ["Variant Price,Published", "1,perhaps", "Published must be true or false"],
  [
    "Variant Price,Option1 Name,Option1 Value,Option2 Name,Option2 Value",
    "1,A,1,A,2",
    "two options have the same name",
  ],
  ["Variant Price", "1,2", "has 4 cells, the header has 3"],
  ["Variant Price", "", "Variant Price is empty"],
  ["Vendor,Variant Price", "a\0b,1", "Vendor contains a control character"],
])("%s: %s is refused", async (header, cells, reason) => {
  expect((await one(header, cells)).reasons).toEqual([reason]);
});

test("a handle that no address could hold is refused", async () => {
  const { refused } = await parse(`${HEADER}\na/b,A,1\n`);
  expect(refused[0]?.reason).toBe("Handle is longer than 255 characters or not made of letters and digits");
});

test("stock below zero is kept where the policy allows it", async () => {
  const header = "Variant Price,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy";
  expect((await one(header, "1,shopify,-3,continue")).variant?.stock).toBe(-3);
});

test("a refused row is named by the line it starts on, and the rest of the product is kept", async () => {
  const { products, refused } = await parse(`Handle,Title,Option1 Name,Option1 Value,Variant Price,Vendor
cup,Cup,Size,"S
mall",1,"a


b"

cup,,,M,oops,
cup,,,L,3,
cup,,,L,4,
cup,,,,,
`);
  expect(products[0]?.variants.map(({ line, price }) => [line, price])).toEqual([
    [2, 100n],
    [9, 300n],
  ]);
  expect(products[0]?.options).toEqual([{ name: "Size", values: ["S\nmall", "L"] }]);
  expect(refused).toEqual([
    { line: 8, handle: "cup", reason: 'Variant Price "oops" is not an amount of EUR' },
    { line: 10, handle: "cup", reason: "has the same option values as line 9" },
    { line: 11, handle: "cup", reason: "has neither a variant nor an image" },
  ]);
});

test("line numbers are right with Windows line ends", async () => {
  const { products } = await parse(`${HEADER}\r\n\r\na,"A\r\nB",1\r\nb,B,2\r\n`);
  expect(products.map((product) => product.line)).toEqual([3, 5]);
});

test("a product without a good variant or without a title is refused with all its rows", async () => {
  const { products, refused } = await parse(`${HEADER},Image Src
a,A,x,
a,,,https://x.test/a.png
b,,1,
b,,2,
c,C,3,
`);
  expect(products.map((product) => product.handle)).toEqual(["c"]);
  expect(refused.map((row) => [row.line, row.reason])).toEqual([
    [2, 'Variant Price "x" is not an amount of EUR'],
    [3, "the product has no variant that could be imported"],
    [4, "Title is empty"],
    [5, "belongs to the product refused in line 4"],
  ]);
});

test("a handle that comes again later is refused, and so is a row without one", async () => {
  const { products, refused } = await parse(`${HEADER}\na,A,1\nb,B,1\na,A,2\n,D,1\nc,C,1\n`);
  expect(products.map((product) => product.handle)).toEqual(["a", "b", "c"]);
  expect(refused).toEqual([
    {
      line: 4,
      handle: "a",
      reason: "this handle was used in line 2: rows of a product must follow each other",
    },
    { line: 5, handle: "", reason: "Handle is empty" },
  ]);
});

test("more than 100 variants, and a SKU twice in one product, are refused by row", async () => {
  const rows = Array.from(
    { length: 102 },
    (_, i) => `a,${i ? "" : "A"},Size,${i},1,${i === 5 ? "S4" : `S${i}`}`,
  );
  const { products, refused } = await parse(
    `Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant SKU\n${rows.join("\n")}`,
  );
  expect(products[0]?.variants).toHaveLength(100);
  expect(refused.map((row) => [row.line, row.reason])).toEqual([
    [7, 'Variant SKU "S4" is that of line 6'],
    [103, "the product has more than 100 variants"],
  ]);
});

test("a stray quote is text; short rows are filled up", async () => {
  const { products } = await parse(`${HEADER},Vendor\nplate,5" plate,1\ncup,"Big" cup,2\n`);
  expect(products.map((product) => product.title)).toEqual(['5" plate', '"Big" cup']);
});

test("bytes that are not UTF-8 are refused by row", async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${HEADER}\ncafe,Caf`),
    Buffer.from([0xe9]),
    Buffer.from(",1\ntea,Tea,1\n"),
  ]);
  const entries: (ParsedProduct | RefusedRow)[] = [];
  for await (const entry of parseProducts(Readable.from([bytes]), { currency: "EUR" })) entries.push(entry);
  expect(entries[0]).toEqual({ line: 2, handle: "cafe", reason: "Title is not valid UTF-8" });
  expect(entries).toHaveLength(2);
});

test.each([
  ["an empty file", "", "the file is empty"],
  [
    "no such columns",
    "a;b\n1;2\n",
    'line 1: no column "Handle", "Title", "Variant Price" (columns are separated by commas)',
  ],
  ["a column twice", "Handle,Title,Variant Price,title\n", 'line 1: column "Title" is there twice'],
  [
    "an open quote",
    `${HEADER}\na,A,1\nb,"B,2\nc,C,3\n`,
    "line 3: a quoted field starts here and is never closed",
  ],
  [
    "an open quote in a big file",
    `${HEADER}\na,A,1\nb,"B,2\n${"c,C,3\n".repeat(200_000)}`,
    "line 3: a quoted field starts here and is never closed",
  ],
])("%s is one clear error", async (_what, text, message) => {
  const read = async () => {
    for await (const _ of parseProducts(Readable.from([text]), { currency: "EUR" }));
  };
  await expect(read()).rejects.toThrow(message);
});

test("what comes before an open quote is read, but not the product it may cut in two", async () => {
  const entries: (ParsedProduct | RefusedRow)[] = [];
  const read = async () => {
    const text = `${HEADER},Option1 Name,Option1 Value\na,A,1,Size,S\nb,B,1,Size,S\nb,,1,,"M\nb,,1,,L\n`;
    for await (const entry of parseProducts(Readable.from([text]), { currency: "EUR" })) entries.push(entry);
  };
  await expect(read()).rejects.toThrow("line 4");
  expect(entries).toMatchObject([{ handle: "a" }]);
});

test("a failing source fails the reader", async () => {
  const source = Readable.from(
    (function* () {
      yield `${HEADER}\n`;
      throw new Error("disk on fire");
    })(),
  );
  const read = async () => {
    for await (const _ of parseProducts(source, { currency: "EUR" }));
  };
  await expect(read()).rejects.toThrow("disk on fire");
});
