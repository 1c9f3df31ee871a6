//! What goes in: the people of one side, and what is already known about ties.

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
    /// Date of birth in any usual notation.
    pub birth_date: String,
    /// Postcode.
    pub postcode: String,
    /// Any further columns as `(name of the column, value)`.
    pub text: Vec<(String, String)>,
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
    /// Pairs (left index, right index) that a human has ruled out.
    pub forbidden: Vec<(usize, usize)>,
    /// Left records that are already tied: they teach how ties look here, but are neither proposed
    /// nor in anybody's way.
    pub taken_left: Vec<usize>,
    /// Right records that are already tied.
    pub taken_right: Vec<usize>,
}

impl Default for Options {
    /// 0.99 for `auto` and 0.40 for `review`: below 0.40 more proposals are wrong than right.
    fn default() -> Self {
        Self {
            auto_threshold: 0.99,
            review_threshold: 0.40,
            own_domains: Vec::new(),
            forbidden: Vec::new(),
            taken_left: Vec::new(),
            taken_right: Vec::new(),
        }
    }
}
