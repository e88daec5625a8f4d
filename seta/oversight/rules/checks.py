"""Numbers are checked before they are believed: whole, and with the check digit their kind has."""

DIGITS_MIN = {"luhn": 8, "id_card": 17, "phone": 4}
"""The fewest digits of what passes a check: card numbers by ISO/IEC 7812-1, identity numbers by GB 11643-1999."""


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a number or latin word is not cut out of a longer one (RE2 has no look-behind)."""
    before = start > 0 and _same_kind(text[start]) and _same_kind(text[start - 1])
    after = end < len(text) and _same_kind(text[end - 1]) and _same_kind(text[end])
    return not before and not after


def _same_kind(character: str) -> bool:
    return character.isascii() and character.isalnum()


def checked(check: str, found: str) -> bool:
    """Whether what a pattern found passes the check named: luhn, id_card, phone or none."""
    digits = "".join(character for character in found if character.isalnum())
    if check == "luhn":
        return luhn(digits)
    if check == "id_card":
        return id_card(digits)
    if check == "phone":
        return len(set(digits)) >= DIGITS_MIN["phone"]
    return True


def luhn(digits: str) -> bool:
    """Whether a card number's last digit is right and it is as long as one (ISO/IEC 7812-1)."""
    if not digits.isdecimal() or len(digits) < DIGITS_MIN["luhn"]:
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (index % 2 + 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def id_card(number: str) -> bool:
    """Whether an 18-character resident identity number's check character is right (GB 11643-1999)."""
    if len(number) != 18 or not number[:17].isdecimal():
        return False
    weighed = sum(int(digit) * (2 ** (17 - index) % 11) for index, digit in enumerate(number[:17]))
    return "10x98765432"[weighed % 11] == number[17].lower()
