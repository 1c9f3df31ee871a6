//! Forms as `multipart/form-data` (RFC 7578), as far as text fields go.

use crate::answer::ApiRequest;

/// The fields of the form; `None` when the request bears none of that type.
pub(crate) fn fields(request: &ApiRequest) -> Option<Vec<(String, String)>> {
    let kind = request.header("content-type")?;
    if !kind.to_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    let mark = format!("--{}", parameter(kind, "boundary")?);
    let body = std::str::from_utf8(&request.body).ok()?;
    let parts = body.split(&mark).skip(1);
    Some(parts.filter_map(part).collect())
}

/// Name and value of one part; the end mark is none.
fn part(text: &str) -> Option<(String, String)> {
    let (head, value) = text.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
    let disposition = head
        .lines()
        .find(|line| line.to_lowercase().starts_with("content-disposition:"))?;
    let name = parameter(disposition, "name")?;
    let value = value.strip_suffix("\r\n").unwrap_or(value);
    Some((name.to_owned(), value.to_owned()))
}

/// `name` of `…; name="value"`, with or without quotes.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_its_name_and_its_text() {
        let text = "\r\nContent-Disposition: form-data; name=\"UserName\"\r\n\r\na b\r\n";
        assert_eq!(part(text), Some(("UserName".to_owned(), "a b".to_owned())));
        assert_eq!(part("--\r\n"), None);
    }
}
