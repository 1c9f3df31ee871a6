//! Names written in characters or syllable blocks: cut into family and given name, and read.

use super::read::{Kind, Word, spelled_word};
use super::script::{Script, letters_of, script_of, script_of_letter};
use super::split::Raw;
use crate::normalise::fold::fold;
use crate::tables::{NameTables, STYLES, pinyin_syllables, syllable, wade_giles};

/// Who reads a name in Chinese characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Chinese,
    Japanese,
    Korean,
}

/// The words of a name, once for each way of reading its characters.
pub(super) fn word_sequences(raws: &[Raw], tables: &NameTables) -> Vec<Vec<Word>> {
    let has_han = raws
        .iter()
        .any(|raw| raw.kind != Kind::Alias && script_of(&raw.text) == Script::Han);
    if !has_han {
        let mut words: Vec<Word> = raws.iter().flat_map(|raw| words_of(raw, tables)).collect();
        add_older_chinese_spellings(&mut words, tables);
        return vec![words];
    }
    [Reader::Chinese, Reader::Japanese, Reader::Korean]
        .into_iter()
        .filter_map(|reader| read_characters(raws, reader, tables))
        .collect()
}

/// One raw word that is not in characters.
fn words_of(raw: &Raw, tables: &NameTables) -> Vec<Word> {
    let mut words = spelled_words(raw, tables);
    for word in &mut words {
        word.continues |= raw.continues;
    }
    words
}

fn spelled_words(raw: &Raw, tables: &NameTables) -> Vec<Word> {
    match script_of(&raw.text) {
        Script::Hangul => hangul(&raw.text, raw.kind, tables),
        Script::Han => vec![character_word(
            &raw.text,
            &raw.text,
            vec![pinyin(&raw.text)],
            raw.kind,
            tables,
        )],
        _ => spelled_word(&raw.text, raw.kind, tables)
            .into_iter()
            .collect(),
    }
}

/// 김정은: the family name, then the given name in the usual styles.
fn hangul(text: &str, kind: Kind, tables: &NameTables) -> Vec<Word> {
    let blocks: Vec<char> = text.chars().collect();
    let (family, given): (String, String) = match blocks.as_slice() {
        [] | [_] => (text.to_owned(), String::new()),
        // Two blocks alone are a given name or a family and a short given name.
        [a, b] => (a.to_string(), b.to_string()),
        [a, b, rest @ ..] => {
            let pair = format!("{a}{b}");
            if tables.romanised(&pair).is_some() && !rest.is_empty() {
                (pair, rest.iter().collect())
            } else {
                (a.to_string(), blocks[1..].iter().collect())
            }
        }
    };
    let spelled = |text: &str| -> Vec<String> {
        STYLES
            .iter()
            .map(|style| {
                text.chars()
                    .filter_map(|block| syllable(block, *style))
                    .collect()
            })
            .collect()
    };
    let word = |shown: &str, forms: Vec<String>| Word {
        shown: shown.to_owned(),
        forms,
        abjad: None,
        han: None,
        groups: Vec::new(),
        pinyin: false,
        script: Script::Hangul,
        kind,
        unread: false,
        continues: false,
    };
    let mut out = Vec::new();
    // A block that is no family name begins a given name; a lone family name keeps its spelling.
    if let Some(usual) = tables.romanised(&family) {
        let mut forms = vec![usual.to_owned()];
        forms.extend(spelled(&family));
        out.push(word(&family, forms));
        if !given.is_empty() {
            out.push(word(&given, spelled(&given)));
        }
    } else {
        out.push(word(text, spelled(text)));
    }
    out.retain(|word| word.forms.iter().any(|form| !form.is_empty()));
    out
}

fn read_characters(raws: &[Raw], reader: Reader, tables: &NameTables) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    let han: Vec<&Raw> = raws
        .iter()
        .filter(|raw| raw.kind != Kind::Alias && script_of(&raw.text) == Script::Han)
        .collect();
    let several = han.len() > 1;
    let mut first = true;
    for raw in raws {
        if raw.kind == Kind::Alias || script_of(&raw.text) != Script::Han {
            out.extend(words_of(raw, tables));
            continue;
        }
        // 高橋みなみ: what is behind the characters is the given name in kana.
        let end = raw
            .text
            .char_indices()
            .find(|(_, letter)| script_of_letter(*letter) == Some(Script::Kana))
            .map_or(raw.text.len(), |(at, _)| at);
        let (characters, kana) = raw.text.split_at(end);
        let (family, given) = match (several, first, kana.is_empty()) {
            (false, _, true) => cut(characters, reader, tables)?,
            (true, true, _) | (_, _, false) => (characters.to_owned(), String::new()),
            (true, false, _) => (String::new(), characters.to_owned()),
        };
        first = false;
        if !family.is_empty() {
            out.push(family_word(&family, reader, tables)?);
        }
        if !given.is_empty() {
            out.push(given_word(&given, reader, tables));
        }
        if !kana.is_empty() {
            out.extend(spelled_word(kana, Kind::Name, tables));
        }
    }
    Some(out)
}

/// Cuts characters into family and given name.
fn cut(text: &str, reader: Reader, tables: &NameTables) -> Option<(String, String)> {
    let characters: Vec<char> = text.chars().collect();
    let part = |from: &[char]| from.iter().collect::<String>();
    let length = match reader {
        Reader::Chinese | Reader::Korean => {
            let pair: String = characters.iter().take(2).collect();
            if characters.len() > 2 && tables.is_compound_family(&pair) {
                2
            } else {
                1
            }
        }
        Reader::Japanese => (1..=3.min(characters.len()))
            .rev()
            .find(|length| tables.romanised(&part(&characters[..*length])).is_some())?,
    };
    if characters.len() > 8 {
        return None;
    }
    Some((part(&characters[..length]), part(&characters[length..])))
}

fn family_word(family: &str, reader: Reader, tables: &NameTables) -> Option<Word> {
    let forms = match reader {
        Reader::Chinese => {
            let usual = tables
                .family_reading(family)
                .map_or_else(|| pinyin(family), str::to_owned);
            let mut forms = chinese_forms(&usual, tables);
            if pinyin(family) != usual {
                forms.push(pinyin(family));
            }
            forms
        }
        Reader::Japanese => vec![tables.romanised(family)?.to_owned()],
        Reader::Korean => vec![korean(family, tables)?],
    };
    Some(Word {
        pinyin: reader == Reader::Chinese,
        ..character_word(family, family, forms, Kind::Name, tables)
    })
}

fn given_word(given: &str, reader: Reader, tables: &NameTables) -> Word {
    let mut unread = false;
    let forms = match reader {
        Reader::Chinese => chinese_forms(&pinyin(given), tables),
        Reader::Japanese => tables.romanised(given).map_or_else(
            || {
                unread = true;
                vec![pinyin(given)]
            },
            |known| vec![known.to_owned()],
        ),
        Reader::Korean => korean(given, tables).map_or_else(
            || {
                unread = true;
                vec![pinyin(given)]
            },
            |known| {
                vec![
                    known.clone(),
                    known.replace("eo", "o").replace("eu", "u"),
                    known.replace("eo", "u"),
                ]
            },
        ),
    };
    Word {
        unread,
        pinyin: reader == Reader::Chinese,
        ..character_word(given, given, forms, Kind::Name, tables)
    }
}

fn character_word(
    shown: &str,
    han: &str,
    forms: Vec<String>,
    kind: Kind,
    tables: &NameTables,
) -> Word {
    Word {
        shown: shown.to_owned(),
        forms,
        abjad: None,
        han: Some(tables.simplified(han)),
        groups: Vec::new(),
        pinyin: false,
        script: Script::Han,
        kind,
        unread: false,
        continues: false,
    }
}

fn pinyin(characters: &str) -> String {
    letters_of(&fold(characters))
}

fn korean(characters: &str, tables: &NameTables) -> Option<String> {
    characters
        .chars()
        .map(|character| tables.korean_reading(character))
        .collect()
}

/// Pinyin, Wade-Giles and Hong Kong spellings of one Chinese word, in this order.
fn chinese_forms(pinyin: &str, tables: &NameTables) -> Vec<String> {
    let mut forms = vec![pinyin.to_owned()];
    if let Some(syllables) = pinyin_syllables(pinyin) {
        forms.push(
            syllables
                .iter()
                .map(|syllable| wade_giles(*syllable))
                .collect(),
        );
        forms.push(
            syllables
                .iter()
                .map(|(initial, last)| {
                    let whole = format!("{initial}{last}");
                    tables.cantonese(&whole).map_or(whole, str::to_owned)
                })
                .collect(),
        );
    }
    forms
}

/// Gives the words of a romanised Chinese name their older spellings. Many short names of other
/// languages look like pinyin; so a Chinese family name must be among the words, and all of them
/// must be made of its syllables.
fn add_older_chinese_spellings(words: &mut [Word], tables: &NameTables) {
    let names: Vec<&Word> = words
        .iter()
        .filter(|word| word.kind == Kind::Name)
        .collect();
    let is_chinese = (2..=4).contains(&names.len())
        && names
            .iter()
            .all(|word| word.script == Script::Latin && pinyin_syllables(&word.forms[0]).is_some())
        && names
            .iter()
            .any(|word| tables.is_chinese_family(&word.forms[0]));
    if !is_chinese {
        return;
    }
    for word in words.iter_mut().filter(|word| word.kind == Kind::Name) {
        word.pinyin = true;
        for form in chinese_forms(&word.forms[0].clone(), tables) {
            if !word.forms.contains(&form) {
                word.forms.push(form);
            }
        }
    }
}
