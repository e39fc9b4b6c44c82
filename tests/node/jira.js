// jira.js at work for the tests: each line of the input is a call, {"version", "authentication", "call":
// "issues.getIssue", "given": [parameters]}, each of the output {"answer"} or {"refused": {"type", "status", "body"}}.
// The bytes of a file travel as {"bytes": their base64}, either way.
const { createInterface } = require("node:readline");
const { HttpException, Version2Client, Version3Client } = require("jira.js");

const KINDS = { 2: Version2Client, 3: Version3Client };
const [, , host] = process.argv;

function received(_key, value) {
  return typeof value?.bytes === "string" ? Buffer.from(value.bytes, "base64") : value;
}

async function told({ version, authentication, call, given }) {
  const client = new KINDS[version]({ host, authentication });
  const [group, method] = call.split(".");
  try {
    const answer = await client[group][method](...given);
    return { answer: Buffer.isBuffer(answer) ? { bytes: answer.toString("base64") } : answer };
  } catch (error) {
    if (!(error instanceof HttpException)) throw error;
    return { refused: { type: error.name, status: error.status, body: error.response.data } };
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  process.stdout.write(JSON.stringify(await told(JSON.parse(line, received))) + "\n");
});
