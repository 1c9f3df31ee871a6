//! What goes in: the people of one side, and what is already known about ties.

use crate::outcome::proposal::EvidenceKind;

/// What stands behind a user account. Only humans are ever tied automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AccountKind {
    /// The source does not say; names and addresses are looked at for signs of a machine.
    #[default]
    Unknown,
    /// The source says that this is a human's account.
    Person,
    /// A technical account: integration, bot, API user.
    Service,
    /// A mailbox, queue or seat that several humans use.
    Shared,
}

/// One account of one side, as the source gave it. An empty string or list means *unknown*.
///
/// Nothing needs to be cleaned beforehand; [`match_records`](crate::match_records) folds case,
/// accents, scripts and formats itself. Fields that the matcher has no special understanding of
/// go to [`text`](Self::text) and are compared with the field of the same name on the other side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Opaque key of the record. Not compared, and not needed to be unique here.
    pub id: String,
    /// Deactivated accounts lose against active ones.
    pub inactive: bool,
    /// Who stands behind the account, if the source says.
    pub kind: AccountKind,
    /// Given name or names, middle names included.
    pub given: String,
    /// Family name or names.
    pub family: String,
    /// The whole name in any order ("Ada Lovelace", "Lovelace, Ada"), with or without titles.
    pub full_name: String,
    /// E-mail addresses. Several are alternatives of equal standing.
    pub emails: Vec<String>,
    /// Sign-in name. One that looks like an e-mail address is read as a further address.
    pub username: String,
    /// Phone numbers in any notation.
    pub phones: Vec<String>,
    /// Internal extension.
    pub extension: String,
    /// Employee numbers and ids of other systems.
    pub external_ids: Vec<String>,
    /// Job title.
    pub title: String,
    /// Department or team.
    pub department: String,
    /// City or site.
    pub city: String,
    /// The person's manager: a name or an address.
    pub manager: String,
    /// Date of birth in any usual notation.
    pub birth_date: String,
    /// Postcode.
    pub postcode: String,
    /// Any further columns as `(name of the column, value)`.
    pub text: Vec<(String, String)>,
}

impl Record {
    /// Lends the record as a view. `place` knows the number of a text column by its name; columns
    /// that it does not know are left out.
    pub(crate) fn with_view<T>(
        &self,
        place: impl Fn(&str) -> Option<usize>,
        work: impl FnOnce(&RecordView<'_>) -> T,
    ) -> T {
        fn borrowed(texts: &[String]) -> Vec<&str> {
            texts.iter().map(String::as_str).collect()
        }
        let text: Vec<(usize, &str)> = self
            .text
            .iter()
            .filter_map(|(label, value)| Some((place(label)?, value.as_str())))
            .collect();
        work(&RecordView {
            inactive: self.inactive,
            kind: self.kind,
            given: &self.given,
            family: &self.family,
            full_name: &self.full_name,
            emails: &borrowed(&self.emails),
            username: &self.username,
            phones: &borrowed(&self.phones),
            extension: &self.extension,
            external_ids: &borrowed(&self.external_ids),
            title: &self.title,
            department: &self.department,
            city: &self.city,
            manager: &self.manager,
            birth_date: &self.birth_date,
            postcode: &self.postcode,
            text: &text,
        })
    }
}

/// One account of one side, borrowed from wherever it stands: what [`Side::push`] takes, so that a
/// million of them need no memory of their own. The fields are those of [`Record`].
///
/// [`Side::push`]: crate::Side::push
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "as in Record")]
pub struct RecordView<'a> {
    pub inactive: bool,
    pub kind: AccountKind,
    pub given: &'a str,
    pub family: &'a str,
    pub full_name: &'a str,
    pub emails: &'a [&'a str],
    pub username: &'a str,
    pub phones: &'a [&'a str],
    pub extension: &'a str,
    pub external_ids: &'a [&'a str],
    pub title: &'a str,
    pub department: &'a str,
    pub city: &'a str,
    pub manager: &'a str,
    pub birth_date: &'a str,
    pub postcode: &'a str,
    /// Further columns, by their number in [`Side::new`](crate::Side::new).
    pub text: &'a [(usize, &'a str)],
}

/// A pair that was decided before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Index of the left record.
    pub left: usize,
    /// Index of the right record.
    pub right: usize,
    /// Whether the two are one human. If not, the pair is never proposed.
    pub same: bool,
}

/// How sure a match must be, and what is already decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Least probability (0–1) of a tie that may be applied without a look.
    pub auto_threshold: f64,
    /// Least probability (0–1) of a tie that is worth a human's look.
    pub review_threshold: f64,
    /// Mail domains of the organization. When given, an equal e-mail address of another domain is
    /// never enough for an automatic tie; when empty, the domains seen in the data decide.
    pub own_domains: Vec<String>,
    /// Past decisions. They teach how ties look here.
    pub labels: Vec<Label>,
    /// Left records that are already tied: they are neither proposed nor in anybody's way.
    pub taken_left: Vec<usize>,
    /// Right records that are already tied.
    pub taken_right: Vec<usize>,
    /// Several left records may be tied to one right record: seats that are shared.
    pub many_to_one: bool,
    /// Mail domains that count as one: addresses that differ in nothing else are equal.
    pub equivalent_domains: Vec<(String, String)>,
    /// Names that are used for each other here, beside the short forms and spellings that the
    /// matcher knows by itself.
    pub aliases: Vec<(String, String)>,
    /// Kinds of evidence that are left out. Candidates may still be found by them, but nothing
    /// speaks for or against anybody by them. [`EvidenceKind::Account`] cannot be left out.
    pub without: Vec<EvidenceKind>,
}

impl Default for Options {
    /// 0.99 for `auto` and 0.40 for `review`: below 0.40 more proposals are wrong than right.
    fn default() -> Self {
        Self {
            auto_threshold: 0.99,
            review_threshold: 0.40,
            own_domains: Vec::new(),
            labels: Vec::new(),
            taken_left: Vec::new(),
            taken_right: Vec::new(),
            many_to_one: false,
            equivalent_domains: Vec::new(),
            aliases: Vec::new(),
            without: Vec::new(),
        }
    }
}
