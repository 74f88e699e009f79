/** What stands for a person without a picture: letters from the name, a colour from the id. */

const HUES = 12;
const HAN = /\p{Script=Han}/u;

/** The last two characters of a Chinese name, else up to two initials. */
export function avatarLetters(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') return '?';
  if (HAN.test(trimmed)) return [...trimmed.replaceAll(/\s/g, '')].slice(-2).join('');
  const words = trimmed.split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '';
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** The same id has the same colour everywhere; 0 to 11. */
export function avatarHue(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 997;
  return sum % HUES;
}

/** The first two characters of a company's Chinese name, else up to two initials. */
export function companyLetters(name: string): string {
  const letters = [...name.replaceAll(/\s/g, '')];
  if (letters.length === 0) return '';
  return HAN.test(letters[0] ?? '') ? letters.slice(0, 2).join('') : avatarLetters(name);
}
