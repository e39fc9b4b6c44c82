// Forge's own judgement of manifests. Each line of the input is {"manifest": text}, each of the output
// {"errors": [sentence, ...]}: what the schema and the validators of @forge/manifest say, warnings included, and what
// its schemas of Connect's modules say, which its validators leave to Jira.
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const Ajv = require("ajv").default;
const { ProcessorBuilder, ValidationTypes } = require("@forge/manifest");
const schema = require("@forge/manifest/schema.json");
const { parse } = require("yaml");

const processor = ProcessorBuilder.instance().withValidation(ValidationTypes.FULL).build();
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema({ ...schema, $id: "manifest" });

function ofConnectModules(manifest) {
  return Object.entries(manifest.connectModules ?? {}).flatMap(([kind, modules]) => {
    if (!schema.definitions.ModuleSchema.properties[`connect-${kind}`]) return []; // the validators refuse it
    const judge = ajv.getSchema(`manifest#/definitions/ModuleSchema/properties/connect-${kind}`);
    return judge(modules) ? [] : judge.errors.map((each) => `${kind}${each.instancePath} ${each.message}`);
  });
}

async function judged(text) {
  const folder = mkdtempSync(join(tmpdir(), "manifest-"));
  try {
    const file = join(folder, "manifest.yml");
    writeFileSync(file, text);
    const result = await processor.process(file);
    const said = (result.errors ?? []).map((each) => each.message);
    if (!result.success && said.length === 0) said.push("refused without a reason");
    return { errors: [...said, ...ofConnectModules(parse(text))] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await judged(JSON.parse(line).manifest)) + "\n");
  }
})();
