// Atlassian's own tokens and query string hashes. Each line of the input is one of these, each of the output its answer:
// {"hash": [{"method", "url", "base"}, ...]} -> {"hashes": [...]}, {"encode": [claims, ...], "secret"} -> {"tokens": [...]},
// {"decode": [token, ...], "secret"} -> {"claims": [...]}, {"sign": claims, "key", "kid"} -> {"token"}.
const { createInterface } = require("node:readline");
const jwt = require("@atlassian/atlassian-jwt");

function hash({ method, url, base }) {
  return jwt.createQueryStringHash(jwt.fromMethodAndUrl(method, url), false, base);
}

function answer(asked) {
  if (asked.hash) return { hashes: asked.hash.map(hash) };
  if (asked.encode) return { tokens: asked.encode.map((claims) => jwt.encodeSymmetric(claims, asked.secret, "HS256")) };
  if (asked.decode) return { claims: asked.decode.map((token) => jwt.decodeSymmetric(token, asked.secret, "HS256")) };
  return { token: jwt.encodeAsymmetric(asked.sign, asked.key, "RS256", { kid: asked.kid }) };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
