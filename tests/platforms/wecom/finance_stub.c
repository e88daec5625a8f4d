/* The exported symbols of Tencent's Finance SDK with a fixed conversation behind them, to hold the adapter to the ABI. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { char *buf; int len; } Slice;
typedef struct { char *outindexbuf; int out_len; char *data; int data_len; int is_finish; } MediaData;

static const char *chat = CHAT_DATA;

void *NewSdk(void) { return malloc(8); }
void DestroySdk(void *sdk) { free(sdk); }
int Init(void *sdk, const char *corpid, const char *secret) { return sdk && !strcmp(secret, "secret") ? 0 : 10009; }

static void fill(Slice *slice, const char *text) {
    slice->len = (int)strlen(text);
    slice->buf = strdup(text);
}

int GetChatData(void *sdk, unsigned long long seq, unsigned int limit, const char *proxy, const char *passwd,
                int timeout, Slice *out) {
    if (seq >= 5000000000ULL) return 10010;
    if (limit != 7 || timeout < 1) return 10000;
    fill(out, chat);
    return 0;
}

int DecryptData(const char *key, const char *message, Slice *out) {
    char text[256];
    snprintf(text, sizeof text, "{\"key\":\"%s\",\"sealed\":\"%s\"}", key, message);
    fill(out, text);
    return 0;
}

int GetMediaData(void *sdk, const char *index, const char *fileid, const char *proxy, const char *passwd, int timeout,
                 MediaData *out) {
    int second = index && *index;
    out->outindexbuf = strdup(second ? "" : "next");
    out->out_len = second ? 0 : 4;
    out->data = malloc(4);
    memcpy(out->data, second ? "D\0EF" : "A\0BC", 4);
    out->data_len = 4;
    out->is_finish = second;
    return 0;
}

Slice *NewSlice(void) { return calloc(1, sizeof(Slice)); }
void FreeSlice(Slice *slice) { free(slice->buf); free(slice); }
char *GetContentFromSlice(Slice *slice) { return slice->buf; }
int GetSliceLen(Slice *slice) { return slice->len; }
MediaData *NewMediaData(void) { return calloc(1, sizeof(MediaData)); }
void FreeMediaData(MediaData *media) { free(media->outindexbuf); free(media->data); free(media); }
char *GetOutIndexBuf(MediaData *media) { return media->outindexbuf; }
char *GetData(MediaData *media) { return media->data; }
int GetIndexLen(MediaData *media) { return media->out_len; }
int GetDataLen(MediaData *media) { return media->data_len; }
int IsMediaDataFinish(MediaData *media) { return media->is_finish; }
