"""One contract for the sandbox and for the real platforms.

Without credentials every test here asks the sandbox. With them, the same test asks the platform itself, so that a
difference between the two is found where it is made. All calls read, are refused, or make a code that lives a minute;
none costs money or reaches a person. Set, for each platform that shall be asked (files hold PEM):

- Official Account: SETA_LIVE_OA_APPID, SETA_LIVE_OA_SECRET
- mini program: SETA_LIVE_MP_APPID, SETA_LIVE_MP_SECRET
- WeCom: SETA_LIVE_WECOM_CORPID, SETA_LIVE_WECOM_CONTACT_SECRET
- WeChat Pay: SETA_LIVE_PAY_MCHID, SETA_LIVE_PAY_APPID, SETA_LIVE_PAY_APIV3_KEY, SETA_LIVE_PAY_SERIAL,
  SETA_LIVE_PAY_PRIVATE_KEY_FILE, SETA_LIVE_PAY_PUBLIC_KEY_ID, SETA_LIVE_PAY_PUBLIC_KEY_FILE
- Alipay: SETA_LIVE_ALIPAY_APPID, SETA_LIVE_ALIPAY_PRIVATE_KEY_FILE, SETA_LIVE_ALIPAY_PUBLIC_KEY_FILE

The calling machine's address must be on the platform's list of allowed addresses. `SETA_LIVE_..._URL` with OA, MP,
WECOM, PAY or ALIPAY asks another host, such as a platform's own trial gateway.
"""
