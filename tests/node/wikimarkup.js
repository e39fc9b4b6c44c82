// Atlassian's own converter: each line of the input is {"wiki": text} or {"adf": document}, each of the output
// {"adf"}, {"wiki"} or {"error"}. Dates and chance have no part in it.
const { createInterface } = require("node:readline");
const { defaultSchema } = require("@atlaskit/adf-schema/schema-default");
const { JSONTransformer } = require("@atlaskit/editor-json-transformer");
const { WikiMarkupTransformer } = require("@atlaskit/editor-wikimarkup-transformer");

const json = new JSONTransformer(defaultSchema);
const wiki = new WikiMarkupTransformer(defaultSchema);

function answer(asked) {
  try {
    if (asked.adf === undefined) return { adf: json.encode(wiki.parse(asked.wiki)) };
    return { wiki: wiki.encode(json.parse(asked.adf)) };
  } catch (error) {
    return { error: String(error) };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
