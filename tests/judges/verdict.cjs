"use strict";
// What a JavaScript judge found: named checks, told as one line of JSON; the twin of verdict.py.
const { createRequire } = require("node:module");
const path = require("node:path");
const { isDeepStrictEqual } = require("node:util");

const given = JSON.parse(process.argv[2]);
const checks = [];
let part = "";

const add = (check, ok, detail) =>
  checks.push({ check: part + check, ok: Boolean(ok), detail: ok ? "" : String(detail).slice(0, 400) });

/** Check that `call` gives `wanted`; resolves to what it gave. */
async function equal(name, wanted, call) {
  try {
    const found = await call();
    add(name, isDeepStrictEqual(found, wanted), `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    return found;
  } catch (error) {
    add(name, false, error);
  }
}

/** Check that `call` gives something true; resolves to it. */
async function holds(name, call) {
  try {
    const found = await call();
    add(name, found, `found ${JSON.stringify(found)}`);
    return found;
  } catch (error) {
    add(name, false, error);
  }
}

/** Check that the SDK throws its own error with this code. */
async function refused(name, code, call) {
  try {
    add(name, false, `accepted: ${JSON.stringify(await call())}`);
  } catch (error) {
    add(name, error.code === code, `${error.code} ${error.message}`);
  }
}

/** Run a part of the story; where it cannot go on there is a red check of that name. */
async function chapter(name, tell) {
  part = `${name}: `;
  try {
    await tell();
  } catch (error) {
    add("can be told to its end", false, error.stack || error);
  }
}

/** Run a control action of the sandbox. */
async function control(action, body = {}) {
  const answer = await fetch(`${given.base_url}/_control/${action}`, { method: "POST", body: JSON.stringify(body) });
  const found = await answer.json();
  if (!answer.ok) throw new Error(`${action}: ${JSON.stringify(found)}`);
  return found;
}

/** Print every check on one line, when all chapters are told; `more` adds to that line. */
async function judge(chapters, more = () => ({})) {
  for (const [name, tell] of Object.entries(chapters)) await chapter(name, tell);
  console.log(JSON.stringify({ checks, ...more() }));
}

/** The SDK, from the folder in which npm installed it. */
const sdk = (name) => createRequire(path.join(given.folder, "judge.cjs"))(name);

module.exports = { given, equal, holds, refused, control, judge, sdk };
