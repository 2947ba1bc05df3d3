import { randomInt } from "node:crypto";
import { pick } from "../driver/user";
import { ADJECTIVES, MATERIALS, manyWords, NOUNS } from "./words";

const HEAD =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status\n";
const SIZES = ["Small", "Medium", "Large"];

/** A product export in Shopify's CSV format: so many new products, two rows each on average. `run` makes handles and SKUs its own. */
export async function* importFile(products: number, run: string): AsyncIterable<string> {
  const words = manyWords();
  yield HEAD;
  for (let n = 0; n < products; n++) {
    const title = [pick(ADJECTIVES), pick(MATERIALS), pick(NOUNS)].join(" ");
    const about = Array.from({ length: 40 }, () => words[Math.floor(Math.random() ** 3 * words.length)]).join(
      " ",
    );
    const first = `${title},<p>${about}.</p>,Vendor ${randomInt(10)},Type ${randomInt(10)},"tag${randomInt(40)}, tag${40 + randomInt(40)}",true`;
    const image = `https://cdn.example/p/a${randomInt(1_000)}.jpg,active`;
    const rows = SIZES.slice(0, 1 + randomInt(3)).map((size, position) => {
      const own = position === 0 ? first : ",,,,,";
      const variant = `Size,${size},IMP-${run}-${n}-${position},shopify,1000000,deny,${(5 + randomInt(200)).toFixed(2)}`;
      return `import-${run}-${n},${own},${variant},${position === 0 ? image : ","}\n`;
    });
    yield rows.join("");
  }
}
