//! Which columns hold the two names, and which the truth.

use counterpart_model::Code;
use counterpart_service::{Error, Result};
use counterpart_tabular::{Sheet, column_named, header_words};

use super::MatchNamesArgs;
use super::quality::parse_truth;

/// Headers that go together, in any spelling.
const NAME_PAIRS: [(&str, &str); 18] = [
    ("name1", "name2"),
    ("name 1", "name 2"),
    ("name a", "name b"),
    ("namea", "nameb"),
    ("left", "right"),
    ("left name", "right name"),
    ("name left", "name right"),
    ("a", "b"),
    ("a name", "b name"),
    ("first name", "second name"),
    ("first", "second"),
    ("one", "other"),
    ("query", "candidate"),
    ("query", "result"),
    ("query name", "result name"),
    ("source", "target"),
    ("name", "other name"),
    ("name", "alias"),
];

/// Headers under which a truth is found without being named.
const TRUTHS: [&str; 6] = ["truth", "label", "expected", "is match", "same", "gold"];

/// The places of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) truth: Option<usize>,
}

impl Columns {
    pub(super) fn find(sheet: &Sheet, args: &MatchNamesArgs) -> Result<Self> {
        let headers = &sheet.headers;
        let named = |name: &Option<String>| {
            name.as_deref()
                .map(|name| column_named(headers, name).ok_or_else(|| unknown(headers, name)))
                .transpose()
        };
        let (left, right) = (named(&args.left)?, named(&args.right)?);
        let by_header = NAME_PAIRS
            .iter()
            .find_map(|(left, right)| by_words(headers, left).zip(by_words(headers, right)))
            .or((headers.len() == 2).then_some((0, 1)));
        let (known_left, known_right) = by_header.unzip();
        let pair = left.or(known_left).zip(right.or(known_right));
        let Some((left, right)) = pair.filter(|(left, right)| left != right) else {
            return Err(Error::new(
                Code::FileHeader,
                format!(
                    "{}: which two columns hold the names? The header has {}; name them name1 and \
                     name2, or say --left COLUMN --right COLUMN",
                    args.pairs.display(),
                    headers.join(", ")
                ),
            ));
        };
        let truth = match named(&args.truth_column)? {
            Some(column) => Some(column),
            None => TRUTHS
                .iter()
                .filter_map(|words| by_words(headers, words))
                .find(|column| is_truth(sheet, *column)),
        };
        Ok(Self { left, right, truth })
    }
}

fn by_words(headers: &[String], words: &str) -> Option<usize> {
    headers
        .iter()
        .position(|header| header_words(header) == words)
}

/// A column that nobody called the truth is one only if all of it reads as such.
fn is_truth(sheet: &Sheet, column: usize) -> bool {
    sheet
        .rows
        .iter()
        .all(|row| parse_truth(&row.cells[column]).is_some())
}

fn unknown(headers: &[String], name: &str) -> Error {
    Error::new(
        Code::Usage,
        format!(
            "there is no column `{name}`; the header has {}",
            headers.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(csv: &str, left: Option<&str>, right: Option<&str>) -> Option<Columns> {
        let sheet = Sheet::parse(csv.as_bytes()).unwrap();
        let args = MatchNamesArgs {
            pairs: "pairs.csv".into(),
            out: "out.csv".into(),
            left: left.map(str::to_owned),
            right: right.map(str::to_owned),
            truth_column: None,
            threshold: 0.5,
        };
        Columns::find(&sheet, &args).ok()
    }

    #[test]
    fn names_are_found_by_their_headers() {
        for header in [
            "name1,name2,x",
            "left,right,x",
            "Name A,Name B,x",
            "a,b,x",
            "name_1,name_2,x",
        ] {
            let columns = found(&format!("{header}\np,q,r\n"), None, None).unwrap();
            assert_eq!(
                (columns.left, columns.right, columns.truth),
                (0, 1, None),
                "{header}"
            );
        }
        assert_eq!(found("x,y,z\np,q,r\n", None, None), None);
        assert_eq!(
            found("x,y,z\np,q,r\n", Some("z"), Some("x")).unwrap().left,
            2
        );
        assert_eq!(found("x,y,z\np,q,r\n", Some("z"), Some("z")), None);
        assert_eq!(found("these,those\np,q\n", None, None).unwrap().right, 1);
    }

    #[test]
    fn a_label_is_the_truth_only_if_it_reads_as_such() {
        assert_eq!(
            found("a,b,label\np,q,true\np,r,no\n", None, None)
                .unwrap()
                .truth,
            Some(2)
        );
        assert_eq!(
            found("a,b,label\np,q,true\np,r,maybe\n", None, None)
                .unwrap()
                .truth,
            None
        );
    }
}
