// Finds the tokens of ASCII texts and looks them up, as `text-scanner.ts` and `interner.ts` do: what is said there is not said again.
// It only reads the table: what it does not find there (new tokens, long ones) it tells by its place, and JavaScript numbers it.
#include <stdint.h>

namespace {

// A block of a file with the start of the line that the block before left open (`mixed-lines.ts`).
constexpr uint32_t textBytes = (1 << 20) + (1 << 18);
constexpr uint32_t mostTokens = 1 << 15;
constexpr uint32_t shortest = 12;

// In the order of `kinds` and of `kernelPatterns` in TypeScript.
enum Kind : uint8_t { word, space, mark, joiner };
enum Pattern : uint32_t { words, running, parts, characters };

struct Place {
  uint64_t ab;
  uint32_t c;
  uint32_t number;
};

uint8_t text[textBytes + 16];
// By byte, as it stands in the file: in lower case if asked; and what kind that is.
uint8_t folded[256];
uint8_t kindOf[256];
// Number of each token, or -1 where it is one of the missed.
int32_t ids[mostTokens];
// Start and end of each token that was not found.
uint32_t missed[2 * mostTokens];
uint32_t missedCount;
uint32_t pattern;
const Place* table;
uint32_t mask;

inline uint32_t placeOf(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t hash = (a * 0x9e3779b1u) ^ (b * 0x85ebca77u) ^ (c * 0xc2b2ae3du);
  hash = (hash ^ (hash >> 15)) * 0x2c1b3c6du;
  return hash ^ (hash >> 13);
}

inline int32_t find(uint32_t start, uint32_t end) {
  const uint32_t length = end - start;
  // 0 in a key would not tell texts of different lengths apart. It is a space to the rule: no token has it but as its only sign.
  if (length > shortest || text[start] == 0) return -1;
  uint64_t ab;
  uint32_t c;
  __builtin_memcpy(&ab, text + start, 8);
  __builtin_memcpy(&c, text + start + 8, 4);
  if (length <= 8) {
    c = 0;
    ab &= ~0ull >> (64 - 8 * length);
  } else {
    c &= static_cast<uint32_t>((1ull << (8 * (length - 8))) - 1);
  }
  for (uint32_t at = placeOf(static_cast<uint32_t>(ab), static_cast<uint32_t>(ab >> 32), c) & mask;; at = (at + 1) & mask) {
    const Place& place = table[at];
    if (place.number == 0 || (place.ab == ab && place.c == c)) return static_cast<int32_t>(place.number) - 1;
  }
}

inline void put(uint32_t token, uint32_t start, uint32_t end) {
  const int32_t id = find(start, end);
  ids[token] = id;
  if (id >= 0) return;
  missed[2 * missedCount] = start;
  missed[2 * missedCount + 1] = end;
  missedCount++;
}

inline bool blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

inline uint32_t endOfWord(uint32_t at, uint32_t end) {
  while (at < end && kindOf[text[at]] == word) at++;
  return at;
}

}  // namespace

#define EXPORT(name) __attribute__((export_name(#name)))

extern "C" {

EXPORT(text_place) uint8_t* text_place() { return text; }
EXPORT(text_room) uint32_t text_room() { return textBytes; }
EXPORT(folded_place) uint8_t* folded_place() { return folded; }
EXPORT(kinds_place) uint8_t* kinds_place() { return kindOf; }
EXPORT(ids_place) int32_t* ids_place() { return ids; }
EXPORT(ids_room) uint32_t ids_room() { return mostTokens; }
EXPORT(missed_place) uint32_t* missed_place() { return missed; }
EXPORT(missed_count) uint32_t missed_count() { return missedCount; }

EXPORT(use_pattern) void use_pattern(uint32_t which) { pattern = which; }

EXPORT(use_table) void use_table(const Place* at, uint32_t places) {
  table = at;
  mask = places - 1;
}

// Of the text as it stands in the file, once for all of it.
EXPORT(fold) void fold(uint32_t length) {
  for (uint32_t i = 0; i < length; i++) text[i] = folded[text[i]];
}

// Tokens of a range of the text, at most `limit` and no longer than `ids_room` bytes. Returns how many.
EXPORT(scan) uint32_t scan(uint32_t start, uint32_t end, uint32_t limit) {
  missedCount = 0;
  uint32_t count = 0;
  uint32_t at = start;
  while (at < end && count < limit) {
    const uint32_t from = at;
    uint8_t kind = kindOf[text[at]];
    if (pattern == characters) {
      put(count++, from, ++at);
      continue;
    }
    if (kind == space) {
      const uint8_t byte = text[at++];
      if (pattern == words) continue;
      if (pattern == running) {
        if (byte != '\n') {
          if (!blank(byte) || (from > start && text[from - 1] != '\n')) continue;
          while (at < end && blank(text[at])) at++;
        }
        put(count++, from, at);
        continue;
      }
      kind = at < end && byte == ' ' ? kindOf[text[at]] : static_cast<uint8_t>(space);
      if (kind == space) {
        put(count++, from, at);
        continue;
      }
    }
    if (kind == mark || kind == joiner) {
      at++;
    } else {
      at = endOfWord(at, end);
      while (at + 1 < end && kindOf[text[at]] == joiner && kindOf[text[at + 1]] == word) at = endOfWord(at + 1, end);
    }
    put(count++, from, at);
  }
  return count;
}
}
