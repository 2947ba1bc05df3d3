import { readFileSync } from "node:fs";

test("the image starts the server as npm start does", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };
  const [, command = ""] = /^CMD (.*)$/m.exec(readFileSync("Dockerfile", "utf8")) ?? [];
  expect(["exec", ...JSON.parse(command)].join(" ")).toBe(scripts.start);
});
