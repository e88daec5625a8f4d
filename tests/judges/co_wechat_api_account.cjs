"use strict";
// co-wechat-api, unmodified, runs an Official Account: tags, menus, service, material, mass messages, templates.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { given, equal, holds, refused, control, judge, sdk } = require("./verdict.cjs");

const API = sdk("co-wechat-api");
const config = given.config;
const [openid, other] = config.official_account.openids;
const PNG = Buffer.from("89504e470d0a1a0a", "hex");

const account = new API(config.official_account.appid, config.official_account.secret);
for (const [field, prefix] of [
  ["prefix", "/cgi-bin/"],
  ["customservicePrefix", "/customservice/"],
  ["wxaPrefix", "/wxa/"],
]) {
  account[field] = config.base_url + prefix;
}

async function followers() {
  await control("follow", { openid });
  await control("follow", { openid: other });
  const { tag } = await account.createTags("丝绸");
  await equal("a tag can be renamed", 0, async () => (await account.updateTag(tag.id, "真丝")).errcode);
  await account.batchTagging([openid, other], tag.id);
  await equal("a tag's followers are listed", 2, async () => (await account.getUsersFromTag(tag.id)).count);
  await equal("a follower's tags are listed", [tag.id], async () => (await account.getIdList(openid)).tagid_list);
}

async function menus() {
  const button = { type: "click", name: "今日", key: "today" };
  await account.createMenu({ button: [button] });
  await equal("the console sees the menu open", 1, async () => (await account.getMenuConfig()).is_menu_open);
  const made = await account.addConditionalMenu({ button: [{ ...button, name: "贵宾" }], matchrule: { tag_id: "100" } });
  await holds("a conditional menu has a number", async () => made.menuid);
  await equal("whoever has the tag sees it", "贵宾", async () => (await account.tryConditionalMenu(openid)).button[0].name);
  await equal("it can be removed", 0, async () => (await account.delConditionalMenu(made.menuid)).errcode);
}

async function material() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "judge-"));
  const file = path.join(folder, "a.png");
  fs.writeFileSync(file, PNG);
  const image = await account.uploadMaterial(file, "image");
  await holds("a permanent picture has an address", async () => image.url.startsWith("http"));
  await equal("the bytes come back", PNG.toString("hex"), async () => (await account.getMaterial(image.media_id)).toString("hex"));
  await equal("pictures are counted", 1, async () => (await account.getMaterialCount()).image_count);
  await equal("they are listed", [image.media_id], async () =>
    (await account.getMaterials("image", 0, 20)).item.map(({ media_id }) => media_id));
  await equal("one can be deleted", 0, async () => (await account.removeMaterial(image.media_id)).errcode);
  await refused("then it is gone", 40007, () => account.getMaterial(image.media_id));
  await holds("a picture for an article has an address", async () => (await account.uploadImage(file)).url.startsWith("http"));
  fs.rmSync(folder, { recursive: true });
}

async function mass() {
  const sent = await account.massSendText("新品到店", [openid, other], "judge-1");
  await holds("a mass message has a number", async () => sent.msg_id);
  await refused("the same one again at once is 45066", 45066, () => account.massSendText("新品到店", [openid, other], "judge-1"));
  await control("advance", { seconds: 61 });
  await refused("and later 45065", 45065, () => account.massSendText("新品到店", [openid, other], "judge-1"));
  await holds("its state can be asked", async () => (await account.getMassMessageStatus(sent.msg_id)).msg_status);
  await equal("it can be seen before", 0, async () => (await account.previewText(openid, "预览")).errcode);
  await refused("one receiver is no mass", 40032, () => account.massSendText("新品", [openid], "judge-2"));
}

async function templates() {
  await equal("industries are chosen", 0, async () => (await account.setIndustry({ industry_id1: "1", industry_id2: "4" })).errcode);
  await holds("and read back", async () => (await account.getIndustry()).primary_industry);
  const { template_id } = await account.addTemplate("TM00015");
  await holds("a template is taken from the library", async () => template_id);
  await holds("it is listed", async () =>
    (await account.getAllPrivateTemplate()).template_list.some((row) => row.template_id === template_id));
  await equal("it can be removed", 0, async () => (await account.delPrivateTemplate(template_id)).errcode);
}

async function service() {
  await equal("nobody serves yet", 0, async () => (await account.getCustomServiceList()).kf_list.length);
  await equal("nobody is online", 0, async () => (await account.getOnlineCustomServiceList()).kf_online_list.length);
}

judge({ followers, menus, material, mass, templates, service });
