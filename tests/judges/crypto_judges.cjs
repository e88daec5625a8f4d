"use strict";
// @wecom/crypto and wechat-crypto, unmodified, open and seal what Seta, the sandbox and published vectors give them.
const { given, equal, judge, sdk } = require("./verdict.cjs");

const wecom = sdk("@wecom/crypto");
const WXBizMsgCrypt = sdk("wechat-crypto");

async function openSealed() {
  for (const one of given.sealed) {
    await equal(`@wecom/crypto opens ${one.name}`, [one.plain, one.receive_id], async () => {
      const { message, id } = wecom.decrypt(one.aes_key, one.encrypt);
      return [message, id];
    });
    await equal(`wechat-crypto opens ${one.name}`, [one.plain, one.receive_id], async () => {
      const { message, id } = new WXBizMsgCrypt("token", one.aes_key, one.receive_id).decrypt(one.encrypt);
      return [message, id];
    });
  }
}

async function sealAlike() {
  for (const one of given.sealed.filter(({ random16 }) => random16)) {
    await equal(`@wecom/crypto seals ${one.name} to the same bytes`, one.encrypt, async () =>
      wecom.encrypt(one.aes_key, one.plain, one.receive_id, Buffer.from(one.random16)));
  }
}

async function signAlike() {
  for (const one of given.signed) {
    await equal(`@wecom/crypto signs ${one.name} alike`, one.msg_signature, async () =>
      wecom.getSignature(one.token, one.timestamp, one.nonce, one.encrypt));
    await equal(`wechat-crypto signs ${one.name} alike`, one.msg_signature, async () =>
      new WXBizMsgCrypt(one.token, one.aes_key, one.receive_id).getSignature(one.timestamp, one.nonce, one.encrypt));
  }
  for (const one of given.pages) {
    await equal(`@wecom/crypto signs the page ${one.url} alike`, one.signature, async () =>
      wecom.getJsApiSignature({ url: one.url, ticket: one.ticket, nonceStr: one.nonce, timestamp: one.timestamp }).signature);
  }
}

const sealed = () =>
  given.to_seal.flatMap((one) => [
    { by: "@wecom/crypto", ...one, encrypt: wecom.encrypt(one.aes_key, one.plain, one.receive_id) },
    { by: "wechat-crypto", ...one, encrypt: new WXBizMsgCrypt("token", one.aes_key, one.receive_id).encrypt(one.plain) },
  ]);

judge({ openSealed, sealAlike, signAlike }, () => ({ sealed: sealed() }));
