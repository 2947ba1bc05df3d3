import { startTestApp } from "./support/app";
import { aProduct } from "./support/builders";
import { KEEPING, LIST } from "./support/kept";
test("x", async () => {
  const app = await startTestApp(KEEPING);
  await aProduct(app.db, { variants: [{ title: "Loose" }, { title: "Bags" }] });
  for (let i = 0; i < 3; i++) await app.ask(null, LIST);
  await app.close();
});
