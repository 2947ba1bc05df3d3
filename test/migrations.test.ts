import { createTestDatabase } from "./support/test-database";
test("x", async () => { const d = await createTestDatabase(); await d.drop(); });
