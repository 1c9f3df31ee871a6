//! Hiragana and katakana, romanised.

use super::script::letters_of;
use crate::normalise::fold::fold;

/// Kana as Japanese names are romanised, and as the foreign names that katakana imitates may be
/// meant.
pub(super) fn kana(word: &str) -> Vec<String> {
    let mut out = String::with_capacity(word.len());
    let mut doubled = false;
    for letter in word.chars() {
        match letter {
            'っ' | 'ッ' => doubled = true,
            'ー' => {}
            'ゃ' | 'ャ' | 'ゅ' | 'ュ' | 'ょ' | 'ョ' => {
                let vowel = match letter {
                    'ゃ' | 'ャ' => 'a',
                    'ゅ' | 'ュ' => 'u',
                    _ => 'o',
                };
                if out.ends_with('i') {
                    out.pop();
                }
                if !(out.ends_with("sh") || out.ends_with("ch") || out.ends_with('j')) {
                    out.push('y');
                }
                out.push(vowel);
            }
            'ぁ' | 'ァ' | 'ぃ' | 'ィ' | 'ぅ' | 'ゥ' | 'ぇ' | 'ェ' | 'ぉ' | 'ォ' => {
                if out.ends_with(['u', 'i', 'e', 'o']) {
                    out.pop();
                }
                out.push_str(&fold(letter.encode_utf8(&mut [0; 4])));
            }
            other => {
                let romanised = fold(other.encode_utf8(&mut [0; 4]));
                if doubled && let Some(first) = romanised.chars().next() {
                    out.push(first);
                }
                doubled = false;
                out.push_str(&romanised);
            }
        }
    }
    let japanese = letters_of(&out);
    // Sumisu is Smith: the helping vowels go, and r may be l.
    let mut foreign = String::with_capacity(japanese.len());
    let letters: Vec<char> = japanese.chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        let helping = *letter == 'u'
            && place > 0
            && letters
                .get(place + 1)
                .is_none_or(|next| !"aeiou".contains(*next))
            || *letter == 'o' && place > 0 && "td".contains(letters[place - 1]);
        if !helping {
            foreign.push(*letter);
        }
    }
    let liquid = foreign.replace('r', "l");
    vec![japanese, foreign, liquid]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_letters_join_the_syllable_before() {
        for (word, romanised) in [
            ("きょうこ", "kyouko"),
            ("しゅん", "shun"),
            ("ジェームズ", "jemuzu"),
            ("ヴァン", "van"),
        ] {
            assert_eq!(kana(word)[0], romanised, "{word}");
        }
    }

    #[test]
    fn foreign_names_lose_their_helping_vowels() {
        assert!(kana("スミス").contains(&"smis".to_owned()));
    }
}
