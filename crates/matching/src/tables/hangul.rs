//! Korean names: a syllable's romanisation follows from its letters, in a handful of styles;
//! family names have spellings of their own.

const INITIALS: [&str; 19] = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p",
    "h",
];
const VOWELS: [&str; 21] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we",
    "wi", "yu", "eu", "ui", "i",
];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "p", "l", "l", "p", "l", "m", "p", "p",
    "t", "t", "ng", "t", "t", "k", "t", "p", "t",
];

/// Ways in which Koreans romanise a given name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The state's own system: Jeong-eun.
    Revised,
    /// `eo` as o, `eu` as u: Jong-un.
    Plain,
    /// Also `g d b j` as k t p ch: Chong-un.
    Hard,
    /// `eo` as u, `u` as oo, `i` as ee: Jung-eun, Hyun-woo.
    English,
}

pub(crate) const STYLES: [Style; 4] = [Style::Revised, Style::Plain, Style::Hard, Style::English];

/// One syllable in one style; `None` for a character that is no Hangul syllable.
pub(crate) fn syllable(character: char, style: Style) -> Option<String> {
    let index = u32::from(character).checked_sub(0xAC00)?;
    if index >= 11_172 {
        return None;
    }
    let place = |number: u32| usize::try_from(number).unwrap_or(0);
    let initial = INITIALS[place(index / 588)];
    let vowel = VOWELS[place(index % 588 / 28)];
    let last = FINALS[place(index % 28)];
    let initial = match (style, initial) {
        (Style::Hard, "g") => "k",
        (Style::Hard, "d") => "t",
        (Style::Hard, "b") => "p",
        (Style::Hard, "j") => "ch",
        (_, other) => other,
    };
    let vowel = match (style, vowel) {
        (Style::Plain | Style::Hard, "eo") => "o",
        (Style::Plain | Style::Hard, "yeo") => "yo",
        (Style::Plain | Style::Hard, "eu") | (Style::English, "eo") => "u",
        (Style::English, "yeo") => "yu",
        (Style::English, "u") if initial.is_empty() => "woo",
        (Style::English, "u") => "oo",
        (Style::English, "yu") => "yoo",
        (Style::English, "i") if initial.is_empty() && last.is_empty() => "ee",
        (_, other) => other,
    };
    Some(format!("{initial}{vowel}{last}"))
}

/// A family name and its usual spelling; the others follow from the groups of romanisations.
pub(super) const FAMILIES: &str = "\
김 kim\n이 lee\n리 lee\n박 park\n최 choi\n정 jung\n강 kang\n조 cho\n윤 yoon\n장 jang\n임 lim\n림 lim\n한 han\n오 oh\n\
서 seo\n신 shin\n권 kwon\n황 hwang\n안 ahn\n송 song\n유 yoo\n류 ryu\n전 jeon\n홍 hong\n고 ko\n문 moon\n양 yang\n손 son\n\
배 bae\n백 baek\n허 huh\n남 nam\n심 shim\n노 noh\n로 noh\n하 ha\n곽 kwak\n성 sung\n차 cha\n주 joo\n우 woo\n구 koo\n민 min\n\
진 jin\n지 ji\n엄 um\n채 chae\n원 won\n천 cheon\n방 bang\n공 kong\n현 hyun\n함 ham\n변 byun\n염 yum\n여 yeo\n추 choo\n\
도 do\n소 so\n석 seok\n선 sun\n설 seol\n마 ma\n길 gil\n연 yeon\n위 wi\n표 pyo\n명 myung\n기 ki\n반 ban\n나 na\n라 na\n\
왕 wang\n금 keum\n옥 ok\n육 yook\n인 in\n맹 maeng\n제 je\n모 mo\n탁 tak\n국 kook\n은 eun\n편 pyun\n용 yong\n\
남궁 namkoong\n황보 hwangbo\n제갈 jegal\n사공 sakong\n선우 sunwoo\n독고 dokgo\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn name(hangul: &str, style: Style) -> String {
        hangul.chars().filter_map(|c| syllable(c, style)).collect()
    }

    #[test]
    fn given_names_are_spelled_in_each_style() {
        assert_eq!(name("정은", Style::Revised), "jeongeun");
        assert_eq!(name("정은", Style::Plain), "jongun");
        assert_eq!(name("정일", Style::Hard), "chongil");
        assert_eq!(name("현우", Style::English), "hyunwoo");
        assert_eq!(syllable('a', Style::Revised), None);
    }
}
