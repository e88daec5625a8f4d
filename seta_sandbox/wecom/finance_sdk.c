/* A library with the exported names of Tencent's Finance SDK that speaks to the sandbox over plain HTTP.
 *
 * It exists so that code written for Tencent's library can be run without it. Only the names, the signatures and the
 * codes are Tencent's. The cipher of a message is the sandbox's own (AES-256-CBC, key SHA-256 of the random key, a
 * 16-byte IV in front, PKCS#7), so nothing of Tencent's can be opened here, and nothing of this with Tencent's.
 *
 * The sandbox's address is the `proxy` argument of a call, or else the variable SETA_SANDBOX_URL, or else
 * http://127.0.0.1:8801. Only http to an address or name of this machine's resolver is spoken.
 */
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PARAMS = 10000, NETWORK = 10001, PARSE = 10002, SYSTEM = 10003, DECRYPT = 10006, DECRYPT_MSG = 10008 };
enum { TEXT_MAX = 256, ANSWER_MAX = 64 << 20 };

typedef struct { char *buf; int len; } Slice_t;
typedef struct { char *outindexbuf; int out_len; char *data; int data_len; int is_finish; } MediaData_t;
typedef struct { char corpid[TEXT_MAX]; char secret[TEXT_MAX]; } WeWorkFinanceSdk_t;

/* Bytes that grow; `bytes` always ends with a zero that `len` does not count */
typedef struct { char *bytes; size_t len, room; int failed; } Text;

static void add(Text *text, const char *bytes, size_t len) {
    if (text->failed || text->len + len > ANSWER_MAX) { text->failed = 1; return; }
    if (text->len + len + 1 > text->room) {
        size_t room = (text->len + len + 1) * 2;
        char *grown = realloc(text->bytes, room);
        if (!grown) { text->failed = 1; return; }
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = 0;
}

static void say(Text *text, const char *words) { add(text, words, strlen(words)); }

/* A JSON string: quotes, backslashes and control characters escaped. */
static void quote(Text *text, const char *words) {
    say(text, "\"");
    for (const unsigned char *at = (const unsigned char *)words; *at; at++) {
        char escaped[8];
        if (*at == '"' || *at == '\\') snprintf(escaped, sizeof escaped, "\\%c", *at);
        else if (*at < 0x20) snprintf(escaped, sizeof escaped, "\\u%04x", *at);
        else snprintf(escaped, sizeof escaped, "%c", *at);
        say(text, escaped);
    }
    say(text, "\"");
}

/* A connection to the sandbox, or -1; one request is made on each. */
static int dial(const char *address, char *host, size_t size, int seconds) {
    if (!address || !*address) address = getenv("SETA_SANDBOX_URL");
    if (!address || !*address) address = "http://127.0.0.1:8801";
    if (!strncmp(address, "http://", 7)) address += 7;
    if (strstr(address, "://")) return -1;
    snprintf(host, size, "%s", address);
    host[strcspn(host, "/")] = 0;
    char name[TEXT_MAX];
    snprintf(name, sizeof name, "%s", host);
    char *colon = strrchr(name, ':');
    if (colon) *colon = 0;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(name, colon ? colon + 1 : "80", &hints, &found)) return -1;
    int sock = -1;
    for (struct addrinfo *one = found; one && sock < 0; one = one->ai_next) {
        sock = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
        struct timeval wait = {.tv_sec = seconds > 0 ? seconds : 10};
        if (sock >= 0) {
            setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
            setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
            if (connect(sock, one->ai_addr, one->ai_addrlen)) { close(sock); sock = -1; }
        }
    }
    freeaddrinfo(found);
    return sock;
}

static int send_all(int sock, const Text *text) {
    for (size_t sent = 0; sent < text->len;) {
        ssize_t part = send(sock, text->bytes + sent, text->len - sent, MSG_NOSIGNAL);
        if (part <= 0) return NETWORK;
        sent += (size_t)part;
    }
    return 0;
}

static int receive(int sock, Text *answer) {
    char part[65536];
    ssize_t got;
    while ((got = recv(sock, part, sizeof part, 0)) > 0) add(answer, part, (size_t)got);
    return got < 0 || answer->failed ? NETWORK : 0;
}

/* The body of an answer with status 200 and all the bytes it promised; it is moved to the front of `answer`. */
static int keep_body(Text *answer) {
    char *body = answer->bytes ? strstr(answer->bytes, "\r\n\r\n") : NULL;
    if (!body || strncmp(answer->bytes, "HTTP/1.1 200", 12)) return NETWORK;
    *body = 0;
    body += 4;
    for (char *at = answer->bytes; *at; at++) if (*at >= 'A' && *at <= 'Z') *at += 'a' - 'A';
    char *length = strstr(answer->bytes, "\r\ncontent-length:");
    size_t here = answer->len - (size_t)(body - answer->bytes);
    if (!length || strtoull(length + 17, NULL, 10) != here) return NETWORK;
    memmove(answer->bytes, body, here + 1);
    answer->len = here;
    return 0;
}

static int post(const char *address, const char *path, const Text *body, int seconds, Text *answer) {
    char host[TEXT_MAX], head[2 * TEXT_MAX];
    int sock = body->failed ? -1 : dial(address, host, sizeof host, seconds);
    if (sock < 0) return NETWORK;
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
             "Connection: close\r\n\r\n", path, host, body->len);
    Text request = {0};
    say(&request, head);
    add(&request, body->bytes, body->len);
    int code = request.failed ? SYSTEM : send_all(sock, &request);
    if (!code) code = receive(sock, answer);
    if (!code) code = keep_body(answer);
    free(request.bytes);
    close(sock);
    return code;
}

/* Where the value of a name begins in one of the sandbox's flat JSON answers, or NULL. */
static const char *value(const Text *json, const char *name) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"%s\"", name);
    const char *at = strstr(json->bytes, wanted);
    if (!at) return NULL;
    at += strlen(wanted);
    at += strspn(at, " \t\r\n");
    if (*at != ':') return NULL;
    at++;
    return at + strspn(at, " \t\r\n");
}

static int refusal(const Text *json) {
    const char *code = value(json, "errcode");
    return code ? atoi(code) : PARSE;
}

static int digit(char c) {
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? (int)(at - letters) : -1;
}

/* Decodes `len` characters; NULL when they are not base64. The caller frees. */
static unsigned char *unbase64(const char *text, size_t len, size_t *size) {
    size_t padding = len && text[len - 1] == '=' ? 1 + (len > 1 && text[len - 2] == '=') : 0;
    unsigned char *bytes = len % 4 ? NULL : malloc(len / 4 * 3 + 1);
    if (!bytes) return NULL;
    *size = len / 4 * 3 - padding;
    for (size_t at = 0, out = 0; at < len; at += 4) {
        uint32_t group = 0;
        for (size_t i = 0; i < 4; i++) {
            int d = at + i >= len - padding ? 0 : digit(text[at + i]);
            if (d < 0) { free(bytes); return NULL; }
            group = group << 6 | (uint32_t)d;
        }
        for (int shift = 16; shift >= 0; shift -= 8) bytes[out++] = (unsigned char)(group >> shift);
    }
    return bytes;
}

/* SHA-256 is that of FIPS 180-4; its constants are computed from the first primes. */
static uint32_t root_bits(int prime, int cubic) {
    /* The first 32 bits behind the point of the square or cube root: the largest x with x^k <= prime * 2^(32k). */
    uint64_t low = 0, high = (uint64_t)32 << 32;
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        unsigned __int128 power = (unsigned __int128)middle * middle * (cubic ? middle : 1);
        int over = power >= (unsigned __int128)prime << (cubic ? 96 : 64);
        if (over) high = middle; else low = middle;
    }
    return (uint32_t)low;
}

static uint32_t turn(uint32_t word, int by) { return word >> by | word << (32 - by); }

static void sha256_block(uint32_t state[8], const uint32_t k[64], const unsigned char *block) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3)
             + (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6]))
                     + k[i] + w[i];
        uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22))
                     + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += one;
        s[0] = one + two;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void sha256(const char *text, unsigned char digest[32]) {
    uint32_t state[8], k[64];
    for (int found = 0, n = 2; found < 64; n++) {
        int prime = 1;
        for (int d = 2; d * d <= n; d++) if (n % d == 0) prime = 0;
        if (!prime) continue;
        if (found < 8) state[found] = root_bits(n, 0);
        k[found++] = root_bits(n, 1);
    }
    unsigned char block[64];
    size_t len = strlen(text), at = 0;
    for (; len - at >= 64; at += 64) sha256_block(state, k, (const unsigned char *)text + at);
    size_t rest = len - at;
    memset(block, 0, sizeof block);
    memcpy(block, text + at, rest);
    block[rest] = 0x80;
    if (rest >= 56) { sha256_block(state, k, block); memset(block, 0, sizeof block); }
    for (int i = 0; i < 8; i++) block[63 - i] = (unsigned char)((uint64_t)len * 8 >> 8 * i);
    sha256_block(state, k, block);
    for (int i = 0; i < 32; i++) digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

/* AES-256 is that of FIPS 197, with a computed S-box. Not hardened against timing: it opens test data. */
static unsigned char times(unsigned char a, unsigned char b) {
    unsigned char product = 0;
    for (; b; b >>= 1, a = (unsigned char)(a << 1 ^ (a & 0x80 ? 0x1b : 0))) if (b & 1) product ^= a;
    return product;
}

static void make_boxes(unsigned char box[256], unsigned char inverse[256]) {
    for (int n = 0; n < 256; n++) {
        unsigned char root = 0, out = 0x63;
        for (int i = 1; i < 256 && n; i++) if (times((unsigned char)n, (unsigned char)i) == 1) root = (unsigned char)i;
        for (int i = 0; i < 5; i++) out ^= (unsigned char)(root << i | root >> (8 - i));
        box[n] = out;
        inverse[out] = (unsigned char)n;
    }
}

static void expand(const unsigned char key[32], const unsigned char box[256], unsigned char keys[240]) {
    unsigned char round = 1;
    memcpy(keys, key, 32);
    for (int at = 32; at < 240; at += 4) {
        unsigned char word[4];
        memcpy(word, keys + at - 4, 4);
        if (at % 32 == 0) {
            unsigned char first = word[0];
            for (int i = 0; i < 4; i++) word[i] = box[i < 3 ? word[i + 1] : first];
            word[0] ^= round;
            round = times(round, 2);
        } else if (at % 32 == 16) {
            for (int i = 0; i < 4; i++) word[i] = box[word[i]];
        }
        for (int i = 0; i < 4; i++) keys[at + i] = keys[at - 32 + i] ^ word[i];
    }
}

static void decrypt_block(const unsigned char keys[240], const unsigned char inverse[256], unsigned char b[16]) {
    for (int i = 0; i < 16; i++) b[i] ^= keys[224 + i];
    for (int round = 13; round >= 0; round--) {
        unsigned char moved[16];
        for (int i = 0; i < 16; i++) moved[(i + 4 * (i % 4)) % 16] = inverse[b[i]];
        for (int i = 0; i < 16; i++) b[i] = moved[i] ^ keys[16 * round + i];
        for (int c = 0; round && c < 16; c += 4) {
            unsigned char column[4];
            memcpy(column, b + c, 4);
            for (int i = 0; i < 4; i++)
                b[c + i] = times(column[i], 14) ^ times(column[(i + 1) % 4], 11) ^ times(column[(i + 2) % 4], 13)
                         ^ times(column[(i + 3) % 4], 9);
        }
    }
}

/* From here on: what Tencent's library exports. */
WeWorkFinanceSdk_t *NewSdk(void) { return calloc(1, sizeof(WeWorkFinanceSdk_t)); }
void DestroySdk(WeWorkFinanceSdk_t *sdk) { free(sdk); }

int Init(WeWorkFinanceSdk_t *sdk, const char *corpid, const char *secret) {
    if (!sdk || !corpid || !secret || !*corpid || !*secret) return PARAMS;
    if (strlen(corpid) >= TEXT_MAX || strlen(secret) >= TEXT_MAX) return PARAMS;
    strcpy(sdk->corpid, corpid);
    strcpy(sdk->secret, secret);
    return 0;
}

Slice_t *NewSlice(void) { return calloc(1, sizeof(Slice_t)); }
void FreeSlice(Slice_t *slice) { if (slice) { free(slice->buf); free(slice); } }
char *GetContentFromSlice(Slice_t *slice) { return slice->buf; }
int GetSliceLen(Slice_t *slice) { return slice->len; }

MediaData_t *NewMediaData(void) { return calloc(1, sizeof(MediaData_t)); }
void FreeMediaData(MediaData_t *media) {
    if (media) { free(media->outindexbuf); free(media->data); free(media); }
}
char *GetOutIndexBuf(MediaData_t *media) { return media->outindexbuf; }
char *GetData(MediaData_t *media) { return media->data; }
int GetIndexLen(MediaData_t *media) { return media->out_len; }
int GetDataLen(MediaData_t *media) { return media->data_len; }
int IsMediaDataFinish(MediaData_t *media) { return media->is_finish; }

static void credentials(Text *body, const WeWorkFinanceSdk_t *sdk) {
    say(body, "{\"corpid\":");
    quote(body, sdk->corpid);
    say(body, ",\"secret\":");
    quote(body, sdk->secret);
}

int GetChatData(WeWorkFinanceSdk_t *sdk, unsigned long long seq, unsigned int limit, const char *proxy,
                const char *passwd, int timeout, Slice_t *slice) {
    (void)passwd;
    if (!sdk || !*sdk->corpid || !slice) return PARAMS;
    Text body = {0}, answer = {0};
    char rest[80];
    credentials(&body, sdk);
    snprintf(rest, sizeof rest, ",\"seq\":%llu,\"limit\":%u}", seq, limit);
    say(&body, rest);
    int code = post(proxy, "/_finance/chatdata", &body, timeout, &answer);
    if (!code) code = refusal(&answer);
    free(body.bytes);
    if (code) { free(answer.bytes); return code; }
    free(slice->buf);
    slice->buf = answer.bytes;
    slice->len = (int)answer.len;
    return 0;
}

int DecryptData(const char *encrypt_key, const char *encrypt_msg, Slice_t *slice) {
    if (!encrypt_key || !encrypt_msg || !slice) return PARAMS;
    size_t size = 0;
    unsigned char *sealed = unbase64(encrypt_msg, strlen(encrypt_msg), &size);
    if (!sealed || size < 32 || size % 16) { free(sealed); return DECRYPT_MSG; }
    unsigned char key[32], box[256], inverse[256], keys[240];
    sha256(encrypt_key, key);
    make_boxes(box, inverse);
    expand(key, box, keys);
    char *plain = malloc(size);
    if (!plain) { free(sealed); return SYSTEM; }
    for (size_t at = 16; at < size; at += 16) {
        unsigned char block[16];
        memcpy(block, sealed + at, 16);
        decrypt_block(keys, inverse, block);
        for (int i = 0; i < 16; i++) plain[at - 16 + i] = (char)(block[i] ^ sealed[at - 16 + i]);
    }
    free(sealed);
    int padding = (unsigned char)plain[size - 17], wrong = padding < 1 || padding > 16;
    for (int i = 0; !wrong && i < padding; i++) wrong = (unsigned char)plain[size - 17 - i] != padding;
    if (wrong) { free(plain); return DECRYPT; }
    free(slice->buf);
    slice->buf = plain;
    slice->len = (int)size - 16 - padding;
    plain[slice->len] = 0;
    return 0;
}

/* Copies what the answer says of one chunk; neither base64 nor an index holds a character that JSON escapes. */
static int take_chunk(const Text *answer, MediaData_t *media) {
    const char *data = value(answer, "data"), *index = value(answer, "outindexbuf");
    const char *finish = value(answer, "is_finish");
    if (!data || *data != '"' || !index || *index != '"' || !finish) return PARSE;
    size_t size = 0, index_len = strcspn(index + 1, "\"");
    unsigned char *bytes = unbase64(data + 1, strcspn(data + 1, "\""), &size);
    char *copy = calloc(1, index_len + 1);
    if (!bytes || !copy) { free(bytes); free(copy); return PARSE; }
    memcpy(copy, index + 1, index_len);
    free(media->data);
    free(media->outindexbuf);
    *media = (MediaData_t){copy, (int)index_len, (char *)bytes, (int)size, atoi(finish)};
    return 0;
}

int GetMediaData(WeWorkFinanceSdk_t *sdk, const char *indexbuf, const char *sdkFileid, const char *proxy,
                 const char *passwd, int timeout, MediaData_t *media) {
    (void)passwd;
    if (!sdk || !*sdk->corpid || !sdkFileid || !media) return PARAMS;
    Text body = {0}, answer = {0};
    credentials(&body, sdk);
    say(&body, ",\"indexbuf\":");
    quote(&body, indexbuf ? indexbuf : "");
    say(&body, ",\"sdkfileid\":");
    quote(&body, sdkFileid);
    say(&body, "}");
    int code = post(proxy, "/_finance/mediadata", &body, timeout, &answer);
    if (!code) code = refusal(&answer);
    if (!code) code = take_chunk(&answer, media);
    free(body.bytes);
    free(answer.bytes);
    return code;
}
