//! `cargo xtask bench join`: the floor under every matcher.
//!
//! Reads two CSV files, lower-cases their e-mails and ties the rows whose e-mails are equal, on
//! one thread: the least that any matcher of these files has to do. How long that takes is the
//! unit in which the others are measured, so that figures of different machines can be compared.
//! It finds what equality finds and nothing more.

use std::{
    fs,
    io::Write,
    ops::Range,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use memchr::{memchr, memchr2, memchr3};

use crate::Error;

/// The two files.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// CSV file with a column that is named e-mail
    #[arg(value_name = "A.csv")]
    a: PathBuf,
    /// Another one
    #[arg(value_name = "B.csv")]
    b: PathBuf,
}

/// Joins the files and prints the number of pairs and the seconds it took, reading included.
pub(crate) fn run(arguments: &Arguments, output: &mut impl Write) -> Result<(), Error> {
    let start = Instant::now();
    let a = Column::read(&arguments.a)?;
    let b = Column::read(&arguments.b)?;
    let pairs = join(&a, &b);
    writeln!(
        output,
        "{} pairs in {:.3} s",
        pairs.len(),
        start.elapsed().as_secs_f64()
    )?;
    Ok(())
}

/// The e-mails of one file, in small letters.
#[derive(Debug)]
struct Column {
    file: Vec<u8>,
    /// Where in the file the e-mail of each row is. A quoted one has its quotes with it.
    fields: Vec<Range<usize>>,
}

impl Column {
    fn read(path: &Path) -> Result<Self, Error> {
        let file = fs::read(path).map_err(|source| Error::Read {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(file).ok_or_else(|| Error::Malformed {
            path: path.display().to_string(),
            message: "it has no column that is named e-mail, email or email address".to_owned(),
        })
    }

    /// `None` when no column is named e-mail.
    fn parse(mut file: Vec<u8>) -> Option<Self> {
        let header = &file[..end_of_row(&file, 0)];
        let column = column_of_emails(header)?;
        let mut fields = Vec::with_capacity(file.len() / 128);
        let mut row = (header.len() + 1).min(file.len());
        while row < file.len() {
            let mut start = row;
            let mut end = end_of_field(&file, start);
            for _ in 0..column {
                // A row that is too short has an empty e-mail.
                start = if file.get(end) == Some(&b',') {
                    end + 1
                } else {
                    end
                };
                end = end_of_field(&file, start);
            }
            fields.push(start..end);
            row = end_of_row(&file, end) + 1;
        }
        for field in &fields {
            file[field.clone()].make_ascii_lowercase();
        }
        Some(Self { file, fields })
    }

    fn email(&self, row: usize) -> &[u8] {
        &self.file[self.fields[row].clone()]
    }
}

/// The place of the column that is named e-mail, by the first line of a file.
pub(super) fn column_of_emails(header: &[u8]) -> Option<usize> {
    header.split(|byte| *byte == b',').position(is_email)
}

fn is_email(header: &[u8]) -> bool {
    let letters: Vec<u8> = header
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .map(u8::to_ascii_lowercase)
        .collect();
    letters == b"email" || letters == b"emailaddress"
}

/// Where the field that begins at `start` ends: at a comma, a line feed or the end of the file.
fn end_of_field(file: &[u8], start: usize) -> usize {
    let mut place = start;
    loop {
        match memchr3(b',', b'\n', b'"', &file[place..]) {
            Some(found) if file[place + found] == b'"' => {
                place = after_quote(file, place + found);
            }
            Some(found) => return place + found,
            None => return file.len(),
        }
    }
}

/// Where the row that has `start` in it ends: at a line feed or the end of the file.
fn end_of_row(file: &[u8], start: usize) -> usize {
    let mut place = start;
    loop {
        match memchr2(b'\n', b'"', &file[place..]) {
            Some(found) if file[place + found] == b'"' => {
                place = after_quote(file, place + found);
            }
            Some(found) => return place + found,
            None => return file.len(),
        }
    }
}

/// Behind the quote that closes the one at `open`. Of a doubled quote the second opens again.
fn after_quote(file: &[u8], open: usize) -> usize {
    match memchr(b'"', &file[open + 1..]) {
        Some(length) => open + length + 2,
        None => file.len(),
    }
}

/// A slot of the table: part of the hash, so that most misses need no look at the file, and the
/// row.
#[derive(Clone, Copy)]
struct Slot {
    tag: u32,
    row: u32,
}

const EMPTY: Slot = Slot {
    tag: 0,
    row: u32::MAX,
};

/// Rows of `a` and of `b` with the same e-mail; empty ones tie nobody.
fn join(a: &Column, b: &Column) -> Vec<(u32, u32)> {
    let mut table = vec![EMPTY; (a.fields.len() * 2).next_power_of_two().max(2)];
    let mask = table.len() - 1;
    for (row, _) in (0..).zip(&a.fields) {
        let email = a.email(row as usize);
        if email.is_empty() {
            continue;
        }
        let (tag, mut place) = place_of(email, mask);
        while table[place].row != EMPTY.row {
            place = (place + 1) & mask;
        }
        table[place] = Slot { tag, row };
    }
    let mut pairs = Vec::with_capacity(b.fields.len());
    for (row, _) in (0..).zip(&b.fields) {
        let email = b.email(row as usize);
        if email.is_empty() {
            continue;
        }
        let (tag, mut place) = place_of(email, mask);
        while table[place].row != EMPTY.row {
            let slot = table[place];
            if slot.tag == tag && a.email(slot.row as usize) == email {
                pairs.push((slot.row, row));
            }
            place = (place + 1) & mask;
        }
    }
    pairs
}

/// The tag of a text and the slot where looking for it begins.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the parts of a hash that are cut off are not needed"
)]
fn place_of(text: &[u8], mask: usize) -> (u32, usize) {
    let hash = hash(text);
    ((hash >> 32) as u32, hash as usize & mask)
}

/// Multiplies and rotates eight bytes at a time, as the Firefox hash does.
fn hash(text: &[u8]) -> u64 {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = text.len() as u64;
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    hash = (hash.rotate_left(5) ^ u64::from_le_bytes(last)).wrapping_mul(FACTOR);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::{Column, join};

    fn emails(text: &str) -> Vec<String> {
        let column = Column::parse(text.as_bytes().to_vec()).expect("has an e-mail column");
        (0..column.fields.len())
            .map(|row| String::from_utf8_lossy(column.email(row)).into_owned())
            .collect()
    }

    #[test]
    fn emails_are_found_whatever_stands_around_them() {
        let text = "id,Name,Email Address,x\n1,\"Doe, \"\"Jo\"\"\nJr.\",Jo@A.com,9\n2,,,\n3,c,k@b.org,\"q\"\n";
        assert_eq!(emails(text), ["jo@a.com", "", "k@b.org"]);
        assert_eq!(emails("e-mail\na@b\nc@d"), ["a@b", "c@d"]);
        assert_eq!(emails("id,email\n"), Vec::<String>::new());
        assert_eq!(emails("id,email\n1\n2,a@b\n"), ["", "a@b"]);
    }

    #[test]
    fn a_file_without_emails_is_refused() {
        assert!(Column::parse(b"id,name\n1,x\n".to_vec()).is_none());
        assert!(Column::parse(Vec::new()).is_none());
    }

    #[test]
    fn equal_emails_are_tied_in_every_combination_and_empty_ones_are_not() {
        let column = |text: &str| Column::parse(text.as_bytes().to_vec()).expect("has e-mails");
        let a = column("email\nx@y\n\"\"\nX@y\nz@y\n\n");
        let b = column("email,i\nQ@y,1\nx@Y,2\n,3\nz@y,4\n");
        let mut pairs = join(&a, &b);
        pairs.sort_unstable();
        assert_eq!(pairs, [(0, 1), (2, 1), (3, 3)]);
    }
}
