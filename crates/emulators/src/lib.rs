//! Stand-ins for the providers over real HTTP, for the demo and for anybody's tests.
//!
//! An emulator listens on an address, answers as its vendor documents (signing in, paging, errors,
//! quota headers, quirks), holds a directory of made-up users, and has switches for bad days. What
//! is known about each vendor and how surely is in the `README.md` of its folder.
//!
//! ```no_run
//! # async fn example() -> Result<(), counterpart_emulators::EmulatorError> {
//! use counterpart_emulators::{Fault, FaultSwitch, Options, start};
//!
//! let salesforce = start("salesforce", Options::default()).await?;
//! let settings = salesforce.settings(); // what one types into a connection
//! salesforce.control().inject(FaultSwitch::next(1, Fault::ServerError))?;
//! salesforce.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! Other processes steer an emulator by JSON under `/_emulator/`; `GET /_emulator` lists how.
//!
//! # Invariants
//! - Everything seeded follows from the seed and the number of people; [`platform_directory`]
//!   and [`truth`] give the other side and the answers.
//! - A provider decides from a request held in memory and answers in memory; faults sit around
//!   it and know nothing of any vendor.
//!
//! # What is not here
//! Nothing of the connectors: an emulator that shared code with them would agree with their
//! mistakes.

mod answer;
mod clock;
mod contacts;
mod control;
mod control_http;
mod core;
mod directory;
mod emulator;
mod error;
mod faults;
mod oauth;
mod paging;
pub mod people;
mod random;
mod records;
mod server;
mod span;
mod zoho;

include!(concat!(env!("OUT_DIR"), "/emulators.rs"));

pub use contacts::{Contact, ContactChange, ContactKind, NewContact};
pub use control::{ControlHandle, GrantCode, Happening, SentWebhook};
pub use core::{LoggedRequest, Quota};
pub use directory::{NewUser, User, UserChange, UserKind, UserState};
pub use emulator::{EmulatorInfo, FieldInfo, Habits, catalogue};
pub use error::EmulatorError;
pub use faults::{Fault, FaultPlace, FaultSwitch};
pub use people::{Person, platform_directory, truth};
pub use records::Record;
pub use server::{Options, Running, start};
