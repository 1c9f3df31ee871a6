//! What can go wrong in starting or steering an emulator.

use std::net::SocketAddr;

/// Why an emulator could not be started or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// No emulator has this name.
    #[error("no emulator is called {name:?}; choose one of {known}")]
    UnknownEmulator {
        /// What was asked for.
        name: String,
        /// The names there are, comma-separated.
        known: String,
    },
    /// An option has a value the emulator cannot work with.
    #[error("the option {option} cannot be {value}; {remedy}")]
    BadOption {
        /// The option's name.
        option: &'static str,
        /// The value given.
        value: String,
        /// What to give instead.
        remedy: &'static str,
    },
    /// The address could not be listened on.
    #[error("cannot listen on {address}; free the port or choose another")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The directory has no user with this id.
    #[error("no user has the id {id:?} in this emulator; list the users to see their ids")]
    UnknownUser {
        /// The id asked for.
        id: String,
    },
    /// The CRM has no customer with this id.
    #[error("no contact has the id {id:?} in this emulator; list the contacts to see their ids")]
    UnknownContact {
        /// The id asked for.
        id: String,
    },
    /// A new user would break a rule the vendor keeps.
    #[error("the user name {username:?} is taken by the user {id}; choose another")]
    UsernameTaken {
        /// The user name asked for.
        username: String,
        /// Who has it.
        id: String,
    },
    /// A switch that this provider has no use for.
    #[error("{emulator} has nothing that {what} could act on; {remedy}")]
    NotHere {
        /// The emulator's name.
        emulator: &'static str,
        /// The switch or action.
        what: &'static str,
        /// What to use instead.
        remedy: &'static str,
    },
}
