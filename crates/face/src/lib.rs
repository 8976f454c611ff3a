//! Faces in frames: where one is, its 68 points, and the 128 numbers that tell people apart.
//!
//! Three small nets, run here over the weights of the npm package `@vladmandic/face-api` 1.7.15 (frozen data, MIT): the tiny
//! detector, the landmark net and the recognition net. Its nets for age, gender and emotion are not read and not shipped.
//! What they answer is the package's own answer: golden vectors hold each of them to it.
//!
//! No crate uses it yet: consent, enrolment and the check itself are still to be built on it (decision 0043).
//!
//! Invariants
//! * Pure: pixels and weights in, numbers out. Slow (a tenth of a second a face): run it in a bounded pool.
//! * Nobody is told apart by fewer than three faces of an enrolment ([`Template`]), and what is near the threshold is *unsure*.
//! * A frame is only read; nothing of it is kept in any type that leaves this crate but numbers.

mod challenge;
mod detector;
mod frame;
mod geometry;
mod landmarks;
mod layers;
mod recognition;
mod template;
mod weights;

pub use challenge::{Performed, Turn, performed, yaws};
pub use frame::{Frame, MAX_SIDE, Unreadable};
pub use geometry::{Boxed, Point};
pub use landmarks::Landmarks;
pub use recognition::Descriptor;
pub use template::{Likeness, SAME, Template, UNSURE};
pub use weights::{BadWeights, File};

use detector::Detector;

/// Most faces of a frame that are looked at closer: each costs a tenth of a second.
const MOST: usize = 4;
/// Side of the square the detector looks at.
const LOOK: usize = 320;

/// The three nets, ready.
pub struct Nets {
    detector: Detector,
    landmarks: landmarks::Net,
    recognition: recognition::Net,
}

/// A face as it was found.
pub struct Face {
    /// How sure the detector is, 0 to 1.
    pub score: f32,
    /// Where, in pixels of the frame.
    pub at: Boxed,
    pub landmarks: Landmarks,
}

/// The files of the package that are read: manifest and weights of each net.
pub struct Files<'a> {
    pub detector: File<'a>,
    pub landmarks: File<'a>,
    pub recognition: File<'a>,
}

impl Nets {
    /// Reads the weights.
    pub fn read(files: &Files) -> Result<Nets, BadWeights> {
        Ok(Nets {
            detector: Detector::read(&files.detector)?,
            landmarks: landmarks::Net::read(&files.landmarks)?,
            recognition: recognition::Net::read(&files.recognition)?,
        })
    }

    /// The faces of a frame with their points, surest first; four at most.
    pub fn faces(&self, frame: &Frame) -> Vec<Face> {
        let found = self.detector.find(frame, LOOK);
        found
            .into_iter()
            .take(MOST)
            .filter_map(|(score, at)| {
                let (face, corner) = frame.cut(at)?;
                let landmarks = self.landmarks.points(&face).shifted(corner);
                Some(Face { score, at, landmarks })
            })
            .collect()
    }

    /// What tells the person of a face apart.
    pub fn descriptor(&self, frame: &Frame, face: &Face) -> Option<Descriptor> {
        let (aligned, _) = frame.cut(face.landmarks.aligned(frame.width(), frame.height()))?;
        Some(self.recognition.descriptor(&aligned))
    }
}
