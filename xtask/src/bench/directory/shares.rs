//! How often each thing happens, in permille. Chosen by what administrators describe of their
//! directories: most addresses agree, a fifth of the people are on one side only, and everybody's
//! name can be written in two ways.

// --- Who is where, of all rows of the platform ------------------------------------------------

/// Of the platform's rows: people without a counterpart.
pub(super) const PLATFORM_ONLY: u32 = 160;
/// Of the platform's rows: shared mailboxes and queues.
pub(super) const SHARED_MAILBOX: u32 = 14;
/// Of these: the CRM has a queue of that name as well, which is nobody's counterpart.
pub(super) const MAILBOX_IN_CRM: u32 = 500;
/// Of these: with the same address.
pub(super) const MAILBOX_SAME: u32 = 400;
/// Of the platform's rows: bots, test accounts, vacant posts.
pub(super) const NOBODY: u32 = 8;
/// Of the rest of the platform's rows: the CRM has somebody else under this employee id. A half
/// has a true counterpart as well.
pub(super) const REUSED_SEAT: u32 = 16;
/// Of the people with a counterpart: work for another company, with an address there.
pub(super) const CONTRACTOR: u32 = 60;
/// Of the pairs: the CRM has a deactivated duplicate too.
pub(super) const DUPLICATE: u32 = 25;
/// Of the CRM's rows that fill it up: users of programs, not of people.
pub(super) const API_USER: u32 = 60;
/// Of the pairs: the counterpart is deactivated.
pub(super) const INACTIVE: u32 = 45;

// --- Companies --------------------------------------------------------------------------------

/// People whose culture is their company's; the others come from anywhere.
pub(super) const LOCAL: u32 = 620;
/// Companies with another domain from before a merger.
pub(super) const MERGED: u32 = 300;
/// Companies whose users were exported from a sandbox.
pub(super) const SANDBOX: u32 = 80;
/// Companies whose platform knows employee ids.
pub(super) const HAS_EMPLOYEE_IDS: u32 = 450;
/// Companies whose CRM keeps employee ids as numbers.
pub(super) const STRIPS_IDS: u32 = 200;

// --- E-mail of a pair -------------------------------------------------------------------------

/// In merged companies: the CRM's address is still at the former domain.
pub(super) const FORMER_DOMAIN: u32 = 420;

/// What became of the others' e-mail, out of 1000.
pub(super) const EMAIL_SAME: u32 = 560;
pub(super) const EMAIL_CASE: u32 = 110;
pub(super) const EMAIL_PLUS: u32 = 25;
pub(super) const EMAIL_PATTERN: u32 = 110;
pub(super) const EMAIL_MISSING: u32 = 95;
pub(super) const EMAIL_PRIVATE: u32 = 50;
pub(super) const EMAIL_TYPO: u32 = 50;

// --- Names of a pair --------------------------------------------------------------------------

/// Of those whose given name has a short form.
pub(super) const NICKNAME: u32 = 170;
/// Of women: another family name on one side.
pub(super) const MARRIED: u32 = 40;
/// Of those with a native script and no short form.
pub(super) const SCRIPT: u32 = 140;
/// Of the rest of them.
pub(super) const ROMANISATION: u32 = 300;
/// Of names in Latin script that have another spelling.
pub(super) const SPELLING: u32 = 60;
/// Of names with diacritics.
pub(super) const DIACRITICS: u32 = 500;
pub(super) const TYPO: u32 = 55;
pub(super) const INITIAL: u32 = 25;
/// People with a middle name.
pub(super) const HAS_MIDDLE: u32 = 220;
/// Of these: it is written on one side.
pub(super) const MIDDLE: u32 = 350;
/// Of those with two family names.
pub(super) const SECOND_FAMILY: u32 = 380;
/// In cultures where the family name stands first.
pub(super) const SWAPPED_WHERE_FAMILY_FIRST: u32 = 120;
pub(super) const SWAPPED: u32 = 12;
pub(super) const COMMA: u32 = 60;
pub(super) const HONORIFIC: u32 = 22;
pub(super) const CAPITALS: u32 = 15;

// --- The rest of a pair -----------------------------------------------------------------------

/// People whose platform row has a number.
pub(super) const HAS_PHONE: u32 = 850;
pub(super) const PHONE_MISSING: u32 = 280;
pub(super) const PHONE_OTHER: u32 = 90;
pub(super) const PHONE_SWITCHBOARD: u32 = 60;
pub(super) const TITLE_SHORT: u32 = 240;
pub(super) const TITLE_OTHER: u32 = 110;
pub(super) const TITLE_MISSING: u32 = 130;
pub(super) const DEPARTMENT_OTHER: u32 = 160;
pub(super) const DEPARTMENT_MISSING: u32 = 170;
pub(super) const LOCATION_OTHER: u32 = 80;
pub(super) const LOCATION_MISSING: u32 = 200;
pub(super) const MANAGER_OTHER: u32 = 150;
pub(super) const MANAGER_MISSING: u32 = 300;
/// Where a company has employee ids: people with one on the platform.
pub(super) const HAS_ID: u32 = 900;
/// Of these: the CRM has it too.
pub(super) const ID_IN_CRM: u32 = 650;
