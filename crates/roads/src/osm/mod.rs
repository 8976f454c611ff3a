//! From an OpenStreetMap extract (`.osm.pbf`) to [`Streets`] of any profile.
//!
//! The file is read twice: ways and turn restrictions first, then the nodes they use. Turn restrictions with a
//! way instead of a node in the middle, and those that hold at certain hours only, are not applied; their
//! number is reported.

mod cut;
mod read;
mod restriction;

use std::io::{self, Read};

use crate::profile::Profile;
use crate::streets::Streets;

pub use read::Extract;

/// Why an extract cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("this is no OpenStreetMap PBF file: {0}")]
    Format(#[from] osmpbf::Error),
    #[error("the file holds no streets")]
    NoStreets,
}

impl Extract {
    /// Reads an extract. `open` gives the file from its beginning, twice.
    pub fn read<R: Read + Send>(
        open: impl Fn() -> io::Result<R>,
        profiles: &[Profile],
    ) -> Result<Extract, OsmError> {
        let mut extract = read::ways(open()?, profiles)?;
        if extract.ways.is_empty() {
            return Err(OsmError::NoStreets);
        }
        read::nodes(open()?, &mut extract)?;
        Ok(extract)
    }

    /// The streets one of the profiles it was read for may use.
    pub fn streets(&self, profile: Profile) -> Streets {
        cut::streets(self, profile)
    }
}
