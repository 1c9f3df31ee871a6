//! Scopes: `Product.area.part.OPERATION`, comma-separated in a grant.

/// One thing a request needs; any of the scopes gives it.
#[derive(Clone, Debug)]
pub(crate) struct Need(Vec<String>);

impl Need {
    /// Any of these scopes.
    pub(crate) fn any<const N: usize>(scopes: [String; N]) -> Self {
        Self(scopes.into())
    }

    /// Any of these scopes, however many.
    pub(crate) fn any_of(scopes: Vec<String>) -> Self {
        Self(scopes)
    }

    /// This scope.
    pub(crate) fn one(scope: impl Into<String>) -> Self {
        Self(vec![scope.into()])
    }

    /// Whether a grant of this scope gives it.
    pub(crate) fn is_met_by(&self, granted: &str) -> bool {
        granted
            .split([',', ' '])
            .any(|own| self.0.iter().any(|need| covers(own, need)))
    }
}

/// `ZohoCRM.modules.ALL` covers `ZohoCRM.modules.calls.CREATE`; case is of no account.
fn covers(own: &str, need: &str) -> bool {
    let (own, need) = (own.to_ascii_lowercase(), need.to_ascii_lowercase());
    own == need
        || own
            .strip_suffix("all")
            .filter(|area| area.ends_with('.'))
            .is_some_and(|area| need.starts_with(area))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_an_area_covers_its_parts_and_nothing_else() {
        let need = Need::one("ZohoCRM.modules.calls.CREATE");
        for scope in [
            "ZohoCRM.modules.ALL",
            "ZohoCRM.modules.calls.ALL",
            "ZohoCRM.users.READ,ZohoCRM.modules.Calls.CREATE",
        ] {
            assert!(need.is_met_by(scope), "{scope}");
        }
        for scope in [
            "ZohoCRM.modules.calls.READ",
            "ZohoCRM.mod.ALL",
            "ZohoBigin.modules.ALL",
            "ALL",
        ] {
            assert!(!need.is_met_by(scope), "{scope}");
        }
    }
}
