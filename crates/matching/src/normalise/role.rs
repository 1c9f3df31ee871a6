//! Signs that an account is no human's: role mailboxes, queues, integrations.

/// Local parts and name words that stand for a function, sorted.
const ROLE_WORDS: [&str; 57] = [
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "api",
    "automated",
    "automation",
    "billing",
    "bot",
    "callcenter",
    "contact",
    "customercare",
    "customerservice",
    "dataloader",
    "demo",
    "desk",
    "dispatch",
    "enquiries",
    "finance",
    "frontdesk",
    "guest",
    "hello",
    "help",
    "helpdesk",
    "hr",
    "info",
    "integration",
    "integrations",
    "it",
    "jobs",
    "kiosk",
    "mail",
    "mailbox",
    "marketing",
    "noreply",
    "notifications",
    "office",
    "orders",
    "postmaster",
    "process",
    "queue",
    "reception",
    "returns",
    "robot",
    "sales",
    "service",
    "services",
    "shared",
    "support",
    "sync",
    "system",
    "team",
    "test",
    "voicemail",
    "warehouse",
    "webhook",
    "webmaster",
];

/// Words that alone make a name a machine's or a group's.
const MACHINE_WORDS: [&str; 17] = [
    "api",
    "automated",
    "automation",
    "bot",
    "dataloader",
    "helpdesk",
    "integration",
    "integrations",
    "kiosk",
    "mailbox",
    "noreply",
    "queue",
    "robot",
    "sync",
    "system",
    "team",
    "webhook",
];

/// Whether the local part of an address names a function (`support`, `sales42`, `no-reply`).
pub(crate) fn is_role_local(local: &str) -> bool {
    let compact = super::email::compact(local);
    let (stem, _) = super::email::split_number(&compact);
    is_role_word(stem)
}

/// Whether a folded name is a function's: every word is a role word, or one word can only be a
/// machine's or a group's.
pub(crate) fn is_role_name<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let (mut all, mut some, mut machine) = (true, false, false);
    for word in words {
        some = true;
        all &= is_role_word(word);
        machine |= MACHINE_WORDS.binary_search(&word).is_ok();
    }
    some && (all || machine)
}

fn is_role_word(word: &str) -> bool {
    ROLE_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_search() {
        assert!(ROLE_WORDS.is_sorted());
        assert!(MACHINE_WORDS.is_sorted());
    }

    #[test]
    fn functions_are_told_from_humans() {
        for local in ["support", "sales42", "no-reply", "info"] {
            assert!(is_role_local(local), "{local}");
        }
        for local in ["j.smith", "itamar", "helpmann"] {
            assert!(!is_role_local(local), "{local}");
        }
        assert!(is_role_name(["api", "integration"].into_iter()));
        assert!(is_role_name(["billing", "queue"].into_iter()));
        assert!(!is_role_name(["guest", "smith"].into_iter()));
        assert!(!is_role_name(std::iter::empty()));
    }
}
