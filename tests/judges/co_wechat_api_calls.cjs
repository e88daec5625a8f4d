"use strict";
// co-wechat-api, unmodified, takes the sandbox for WeChat; only its public prefixes are turned towards it.
const { given, equal, holds, refused, control, judge, sdk } = require("./verdict.cjs");

const API = sdk("co-wechat-api");
const config = given.config;
const base = config.base_url;
const openid = config.official_account.openids[0];
const PNG = Buffer.from("89504e470d0a1a0a", "hex");

function client({ appid, secret }) {
  const api = new API(appid, secret);
  for (const [field, path] of [
    ["prefix", "/cgi-bin/"],
    ["snsPrefix", "/sns/"],
    ["mpPrefix", "/cgi-bin/"],
    ["fileServerPrefix", "/cgi-bin/"],
    ["customservicePrefix", "/customservice/"],
    ["wxaPrefix", "/wxa/"],
  ]) {
    api[field] = base + path;
  }
  return api;
}

const account = client(config.official_account);
const program = client(config.mini_program);

async function credentials() {
  const first = await holds("a token lives two hours", async () => {
    const token = await account.getAccessToken();
    return token.isValid() && token;
  });
  await equal("the token is kept and used again", first.accessToken, async () => (await account.ensureAccessToken()).accessToken);
  await refused("a wrong secret is 40125", 40125, () => client({ ...config.official_account, secret: "wrong" }).getAccessToken());
  await refused("a wrong appid is 40013", 40013, () => client({ appid: "wx0000000000000000", secret: "x" }).getAccessToken());
  await holds("the callback addresses are a list", async () => (await account.getIp()).ip_list.length > 0);
  const ticket = await account.ensureTicket("jsapi");
  await equal("a JS-SDK ticket is the same while it lives", ticket.ticket, async () => (await account.getTicket("jsapi")).ticket);
  await holds("a JS-SDK page can be signed", async () =>
    /^[0-9a-f]{40}$/.test((await account.getJsConfig({ url: "https://serica.example/", jsApiList: [] })).signature));
  await holds("a card ticket is given", async () => (await account.getTicket("wx_card")).ticket.length > 20);
}

async function scenes() {
  const code = await account.createTmpQRCode("c=ss27;p=duomo", 1800);
  await equal("a temporary code says how long it lives", 1800, async () => code.expire_seconds);
  await holds("a permanent code has no end", async () => {
    const permanent = await account.createLimitQRCode(7);
    return permanent.ticket && permanent.expire_seconds === undefined;
  });
  await refused("a scene id above 100,000 cannot be permanent", 40129, async () => account.createLimitQRCode(100001));
  await holds("the ticket's picture is a picture", async () => {
    const answer = await fetch(account.showQRCodeURL(code.ticket));
    return answer.status === 200 && answer.headers.get("content-type").startsWith("image/");
  });
  await control("scan", { openid, ticket: code.ticket });
  const user = await account.getUser({ openid, lang: "zh_CN" });
  await equal("whoever scanned follows", 1, async () => user.subscribe);
  await equal("the follower's record keeps the scene", "c=ss27;p=duomo", async () => user.qr_scene_str);
  await equal("the follower came by a code", "ADD_SCENE_QR_CODE", async () => user.subscribe_scene);
}

async function followers() {
  await equal("followers are listed", [openid], async () => (await account.getFollowers()).data.openid);
  await equal("the page after the last is empty", 0, async () => (await account.getFollowers(openid)).count);
  await equal("several records come at once", [1, 0], async () => {
    const { user_info_list } = await account.batchGetUsers([openid, config.official_account.openids[1]]);
    return user_info_list.map((user) => user.subscribe);
  });
  await refused("an unknown openid is 40003", 40003, () => account.getUser("oNobody"));
  await equal("a remark is kept", "陈女士", async () => {
    await account.updateRemark(openid, "陈女士");
    return (await account.getUser(openid)).remark;
  });
  const { tag } = await account.createTags("丝绸");
  await equal("new tags are numbered from 100", 100, async () => tag.id);
  await refused("a tag's name is used once", 45157, () => account.createTags("丝绸"));
  await equal("a tagged follower has the tag", [100], async () => {
    await account.batchTagging([openid], tag.id);
    return (await account.getUser(openid)).tagid_list;
  });
  await equal("tags count their followers", 1, async () => (await account.getTags()).tags.find(({ id }) => id === tag.id).count);
  await equal("an untagged follower has none", [], async () => {
    await account.batchUnTagging([openid], tag.id);
    return (await account.getUser(openid)).tagid_list;
  });
  await holds("a tag can be deleted", async () => {
    await account.deleteTag(tag.id);
    return !(await account.getTags()).tags.some(({ id }) => id === tag.id);
  });
  await refused("system tags cannot be deleted", 45058, () => account.deleteTag(2));
}

async function menu() {
  await refused("no menu is 46003", 46003, () => account.getMenu());
  const buttons = [
    { type: "click", name: "今日", key: "today" },
    { name: "更多", sub_button: [{ type: "view", name: "官网", url: "https://serica.example/" }] },
  ];
  await equal("a menu is made", 0, async () => (await account.createMenu({ button: buttons })).errcode);
  await equal("a menu comes back with empty sub-buttons", [[], 1], async () => {
    const { button } = (await account.getMenu()).menu;
    return [button[0].sub_button, button[1].sub_button.length];
  });
  await refused("four buttons are too many", 40016, () => account.createMenu({ button: Array(4).fill(buttons[0]) }));
  await refused("a long name is refused", 40018, () => account.createMenu({ button: [{ ...buttons[0], name: "一二三四五六" }] }));
  await refused("an unknown type is refused", 40015, () => account.createMenu({ button: [{ ...buttons[0], type: "dance" }] }));
  await refused("a removed menu is gone", 46003, async () => {
    await account.removeMenu();
    return account.getMenu();
  });
}

async function messages() {
  await refused("an uploaded kind must be known", 40004, () => account.uploadMedia(PNG, "painting", "a.png", "image/png"));
  const { media_id } = await account.uploadMedia(PNG, "image", "a.png", "image/png");
  await equal("what was uploaded comes back", PNG.toString("hex"), async () => (await account.getMedia(media_id)).toString("hex"));
  await refused("an unknown medium is 40007", 40007, () => account.getMedia("nothing"));
  await control("advance", { seconds: 61 }); // the minute that a scan opens is over
  await refused("before a word from the client it is 45015", 45015, () => account.sendText(openid, "您好"));
  await control("message", { openid, content: "duomo" });
  for (const [name, call] of [
    ["a text is sent", () => account.sendText(openid, "您好")],
    ["a picture is sent", () => account.sendImage(openid, media_id)],
    ["an article is sent", () => account.sendNews(openid, [{ title: "大教堂", description: "", url: "https://serica.example/", picurl: "" }])],
    ["a mini program card is sent", () => account.sendMiniProgram(openid, { title: "大教堂", appid: config.mini_program.appid, pagepath: "pages/home/index", thumb_media_id: media_id })],
  ]) {
    await equal(name, 0, async () => (await call()).errcode);
  }
  await refused("an unknown medium cannot be sent", 40007, () => account.sendImage(openid, "nothing"));
  await refused("an empty text is 44004", 44004, () => account.sendText(openid, ""));
  await equal("the fifth message is still in the window", 0, async () => (await account.sendText(openid, "5")).errcode);
  await refused("the sixth is 45047", 45047, () => account.sendText(openid, "6"));
  await refused("a stranger cannot be written to", 40003, () => account.sendText("oNobody", "您好"));
  await holds("a template message has a number", async () =>
    String((await account.sendTemplate(openid, config.official_account.template_id, "", "", { first: { value: "您好" } })).msgid).length > 3);
  await refused("an unknown template is 40037", 40037, () => account.sendTemplate(openid, "nothing", "", "", { first: { value: "x" } }));
  const items = (await control("inbox", { openid })).items.filter(({ sender }) => sender === "account").map(({ kind }) => kind);
  await equal("the follower sees them in order", ["text", "image", "news", "miniprogrampage", "text", "template"], async () => items);
  await control("advance", { seconds: 48 * 3600 + 1 });
  await refused("after 48 hours, and a token renewed on the way, it is 45015", 45015, () => account.sendText(openid, "您好"));
}

async function miniProgram() {
  const user = config.mini_program.openids[0];
  const { code } = await control("js_code", { openid: user });
  const session = await program.code2Session(code);
  await equal("a login code becomes an openid", user, async () => session.openid);
  await equal("the session key is 16 bytes", 16, async () => Buffer.from(session.session_key, "base64").length);
  await refused("a code works once", 40163, () => program.code2Session(code));
  await refused("an invented code is 40029", 40029, () => program.code2Session("invented"));
  await holds("a code on paper is a picture", async () => {
    const picture = await program.getWXACodeUnlimit("c=ss27;p=duomo", "pages/home/index");
    return Buffer.isBuffer(picture) && picture.length > 200;
  });
  await refused("a scene has at most 32 characters", 40169, () => program.getWXACodeUnlimit("x".repeat(33), "pages/home/index"));
  const template = config.mini_program.sub_template_id;
  await refused("without a grant it is 43101", 43101, () => program.sendSubscribeMessage(user, template, "", { thing1: { value: "预约" } }));
  await control("subscribe", { openid: user });
  await refused("a value that is too long is 47003", 47003, () => program.sendSubscribeMessage(user, template, "", { thing1: { value: "长".repeat(21) } }));
  await equal("one grant sends once", 0, async () => (await program.sendSubscribeMessage(user, template, "", { thing1: { value: "预约" } })).errcode);
  await refused("and not twice", 43101, () => program.sendSubscribeMessage(user, template, "", { thing1: { value: "预约" } }));
}

judge({ credentials, scenes, followers, menu, messages, miniProgram });
