//! Rust files as tokens, so that a rule does not trip over a word in a string or a comment.

use std::{ops::RangeInclusive, str::FromStr};

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// What rules want to know about one Rust file. Lines count from 1.
#[derive(Debug, Default)]
pub(crate) struct RustSource {
    tokens: Vec<TokenTree>,
    test_lines: Vec<RangeInclusive<usize>>,
    test_modules: Vec<String>,
}

impl RustSource {
    /// Text that does not tokenise gives a source without tokens: the compiler has better words
    /// for what is wrong with it.
    pub(crate) fn parse(text: &str) -> Self {
        let tokens: Vec<TokenTree> = TokenStream::from_str(text)
            .map(|stream| stream.into_iter().collect())
            .unwrap_or_default();
        let mut source = Self::default();
        source.find_tests(&tokens);
        source.tokens = tokens;
        source
    }

    /// Whether a line is in an item under `#[cfg(test)]`.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        self.test_lines.iter().any(|range| range.contains(&line))
    }

    /// Modules declared under `#[cfg(test)]` whose text is in another file.
    pub(crate) fn test_modules(&self) -> &[String] {
        &self.test_modules
    }

    /// Every use of an identifier outside tests: name and line, in order.
    pub(crate) fn identifiers(&self) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        collect_identifiers(&self.tokens, &mut found);
        found.retain(|(_, line)| !self.is_test_line(*line));
        found
    }

    /// Every path into the standard library outside tests, as its parts behind `std` and the
    /// line: `use std::{fmt, net::{IpAddr, Ipv4Addr}}` gives three.
    pub(crate) fn std_paths(&self) -> Vec<(Vec<String>, usize)> {
        let mut found = Vec::new();
        collect_std_paths(&self.tokens, &mut found);
        found.retain(|(_, line)| !self.is_test_line(*line));
        found
    }

    /// The variants of the first enum of that name: each with the name that an attribute
    /// `#[command(name = "…")]` gives it, if one does.
    pub(crate) fn enum_variants(&self, name: &str) -> Option<Vec<(String, Option<String>)>> {
        let body = find_enum(&self.tokens, name)?;
        let mut variants = Vec::new();
        let mut renamed = None;
        let mut expects_variant = true;
        let mut after_hash = false;
        for token in body.stream() {
            match &token {
                TokenTree::Group(group) if after_hash => {
                    renamed = command_name(group).or(renamed);
                }
                TokenTree::Ident(ident) if expects_variant => {
                    variants.push((ident.to_string(), renamed.take()));
                    expects_variant = false;
                }
                TokenTree::Punct(punct) if punct.as_char() == ',' => expects_variant = true,
                _ => {}
            }
            after_hash = is_punct(&token, '#');
        }
        Some(variants)
    }

    fn find_tests(&mut self, tokens: &[TokenTree]) {
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            if is_punct(token, '#') && is_cfg_test(tokens.get(index + 1)) {
                let end = item_end(tokens, index + 2);
                let first = token.span().start().line;
                let last = tokens
                    .get(end)
                    .map_or(usize::MAX, |token| token.span().end().line);
                self.test_lines.push(first..=last);
                if let [.., TokenTree::Ident(keyword), TokenTree::Ident(name), end] =
                    tokens.get(index..=end).unwrap_or_default()
                    && keyword == "mod"
                    && is_punct(end, ';')
                {
                    self.test_modules.push(name.to_string());
                }
                index = end + 1;
                continue;
            }
            if let TokenTree::Group(group) = token {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                self.find_tests(&inner);
            }
            index += 1;
        }
    }
}

/// Index of the token that ends the item: a semicolon or the group in braces.
fn item_end(tokens: &[TokenTree], from: usize) -> usize {
    (from..tokens.len())
        .find(|&index| match &tokens[index] {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            token => is_punct(token, ';'),
        })
        .unwrap_or(tokens.len())
}

/// `[cfg(test)]`, also inside `all(…)`; `not(test)` is not.
fn is_cfg_test(token: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = token else {
        return false;
    };
    let text: String = group
        .stream()
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .concat();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn collect_identifiers(tokens: &[TokenTree], found: &mut Vec<(String, usize)>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => found.push((ident.to_string(), ident.span().start().line)),
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                collect_identifiers(&inner, found);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn collect_std_paths(tokens: &[TokenTree], found: &mut Vec<(Vec<String>, usize)>) {
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) if ident == "std" => {
                expand_path(&tokens[index + 1..], &mut Vec::new(), found);
            }
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                collect_std_paths(&inner, found);
            }
            _ => {}
        }
    }
}

/// Follows `::name` and `::{…}`; what follows otherwise ends the path.
fn expand_path(
    tokens: &[TokenTree],
    parts: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, usize)>,
) {
    let [first, second, next, rest @ ..] = tokens else {
        return;
    };
    if !is_punct(first, ':') || !is_punct(second, ':') {
        return;
    }
    match next {
        TokenTree::Ident(ident) => expand_part(ident, rest, parts, found),
        TokenTree::Group(group) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            for branch in inner.split(|token| is_punct(token, ',')) {
                if let Some((TokenTree::Ident(ident), rest)) = branch.split_first() {
                    expand_part(ident, rest, parts, found);
                }
            }
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
    }
}

fn expand_part(
    part: &Ident,
    rest: &[TokenTree],
    parts: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, usize)>,
) {
    parts.push(part.to_string());
    let before = found.len();
    expand_path(rest, parts, found);
    if found.len() == before {
        found.push((parts.clone(), part.span().start().line));
    }
    parts.pop();
}

fn find_enum(tokens: &[TokenTree], name: &str) -> Option<Group> {
    for (index, token) in tokens.iter().enumerate() {
        if let TokenTree::Ident(keyword) = token
            && keyword == "enum"
            && matches!(tokens.get(index + 1), Some(TokenTree::Ident(ident)) if ident == name)
        {
            return tokens[index..].iter().find_map(|token| match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    Some(group.clone())
                }
                _ => None,
            });
        }
        if let TokenTree::Group(group) = token {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            if let Some(body) = find_enum(&inner, name) {
                return Some(body);
            }
        }
    }
    None
}

/// The name in `[command(name = "…")]`.
fn command_name(attribute: &Group) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(kind), TokenTree::Group(arguments)] = tokens.as_slice() else {
        return None;
    };
    if kind != "command" && kind != "clap" {
        return None;
    }
    let arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
    arguments.windows(3).find_map(|window| match window {
        [TokenTree::Ident(key), equals, TokenTree::Literal(value)]
            if key == "name" && is_punct(equals, '=') =>
        {
            Some(value.to_string().trim_matches('"').to_owned())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::RustSource;

    #[test]
    fn words_in_strings_comments_and_tests_are_not_identifiers() {
        let source = RustSource::parse(
            "// tokio\nfn f() { let s = \"tokio\"; }\n#[cfg(test)]\nmod tests {\n  use tokio;\n}\nfn g() {}\n",
        );
        let names: Vec<String> = source
            .identifiers()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["fn", "f", "let", "s", "fn", "g"]);
        assert!(source.is_test_line(5));
        assert!(!source.is_test_line(7));
    }

    #[test]
    fn paths_into_the_standard_library_are_expanded() {
        let source = RustSource::parse(
            "use std::{fmt, net::{IpAddr,\n self}};\nfn f() { std::env::var(\"A\"); x::std(); }\n",
        );
        let paths: Vec<(String, usize)> = source
            .std_paths()
            .into_iter()
            .map(|(parts, line)| (parts.join("::"), line))
            .collect();
        let expected = [
            ("fmt", 1),
            ("net::IpAddr", 1),
            ("net::self", 2),
            ("env::var", 3),
        ];
        assert_eq!(paths, expected.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn a_test_module_in_another_file_is_named() {
        let source = RustSource::parse("#[cfg(test)]\nmod answers;\nmod real;\n");
        assert_eq!(source.test_modules(), ["answers"]);
        assert!(!source.is_test_line(3));
    }

    #[test]
    fn code_for_everything_but_tests_is_not_a_test() {
        let source = RustSource::parse("#[cfg(not(test))]\nfn f() {}\n");
        assert!(!source.is_test_line(2));
    }

    #[test]
    fn variants_are_found_with_their_given_names() {
        let source = RustSource::parse(
            "enum Command {\n /// Doc, with comma\n Demo(DemoArgs),\n #[command(name = \"match\")]\n MatchFiles { a: u8, b: u8 },\n #[cfg(unix)] Serve\n}",
        );
        assert_eq!(
            source.enum_variants("Command"),
            Some(vec![
                ("Demo".to_owned(), None),
                ("MatchFiles".to_owned(), Some("match".to_owned())),
                ("Serve".to_owned(), None),
            ])
        );
        assert_eq!(source.enum_variants("Other"), None);
    }
}
