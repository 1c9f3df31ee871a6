//! Providers as pages show them: in the vendor's words, with a badge in its colour.

use counterpart_manifest::Manifest;
use counterpart_service::Service;

/// A provider as pages show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Provider {
    /// Its name in addresses.
    pub(crate) name: String,
    /// What the vendor calls the product.
    pub(crate) title: String,
    /// One or two letters for the badge.
    pub(crate) initial: String,
    /// The badge's colour.
    pub(crate) colour: String,
    /// What it calls a user.
    pub(crate) user: String,
    /// What it calls users.
    pub(crate) users: String,
}

impl Provider {
    /// The provider of a name; one that this binary does not know keeps its name.
    pub(crate) fn named(service: &Service, name: &str) -> Self {
        match service.connectors().get(name) {
            Some(connector) => Self::of(connector.manifest()),
            None => Self {
                name: name.to_owned(),
                title: name.to_owned(),
                initial: crate::words::initials(name),
                colour: "#5f6269".to_owned(),
                user: "user".to_owned(),
                users: "users".to_owned(),
            },
        }
    }

    /// The provider of a manifest.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        Self {
            name: manifest.provider.clone(),
            title: manifest.title.clone(),
            initial: manifest.initial.clone(),
            colour: manifest.colour.clone(),
            user: manifest.vocabulary.user.0.clone(),
            users: manifest.vocabulary.user.1.clone(),
        }
    }

    /// What it calls a user, with the article: `a resource`, `an owner`.
    pub(crate) fn a_user(&self) -> String {
        // "user" and "unit" begin with a consonant when spoken; the other vowels do not.
        let article = match self
            .user
            .chars()
            .next()
            .map(|first| first.to_ascii_lowercase())
        {
            Some('a' | 'e' | 'i' | 'o') => "an",
            _ => "a",
        };
        format!("{article} {}", self.user)
    }

    /// The badge's text size: two letters need more room than one.
    pub(crate) fn letter_size(&self) -> u8 {
        if self.initial.chars().count() > 1 {
            9
        } else {
            11
        }
    }
}
