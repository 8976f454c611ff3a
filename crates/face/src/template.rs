//! What is kept of a person who wants to be known by the face: a few descriptors, never a picture.

use crate::recognition::Descriptor;

/// At most this far apart is the same person.
pub const SAME: f32 = 0.45;
/// Between [`SAME`] and this nobody can tell.
pub const UNSURE: f32 = 0.55;
/// Faces of an enrolment.
const FACES: std::ops::RangeInclusive<usize> = 3..=5;

/// A few faces of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Template(Vec<Descriptor>);

/// Whether a face is that of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Same,
    Unsure,
    Different,
}

impl Template {
    /// Of one person's faces. None: too few, too many, or not of one person.
    pub fn of(faces: Vec<Descriptor>) -> Option<Template> {
        let alike = faces.iter().all(|a| faces.iter().all(|b| a.distance(b) <= SAME));
        (FACES.contains(&faces.len()) && alike).then_some(Template(faces))
    }

    /// How far a face is from the nearest of it.
    pub fn distance(&self, face: &Descriptor) -> f32 {
        self.0.iter().map(|own| own.distance(face)).fold(f32::INFINITY, f32::min)
    }

    /// What a distance says.
    pub fn judge(distance: f32) -> Likeness {
        match distance {
            d if d <= SAME => Likeness::Same,
            d if d <= UNSURE => Likeness::Unsure,
            _ => Likeness::Different,
        }
    }

    /// As it is kept, before it is encrypted.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|d| d.values().iter().flat_map(|v| v.to_le_bytes())).collect()
    }

    /// From what was kept.
    pub fn from_bytes(bytes: &[u8]) -> Option<Template> {
        let (values, rest) = bytes.as_chunks::<4>();
        let values: Vec<f32> = values.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let faces =
            values.chunks(128).map(|v| Descriptor::from_values(v.to_vec())).collect::<Option<Vec<_>>>()?;
        rest.is_empty().then(|| Template::of(faces)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32) -> Descriptor {
        let mut values = vec![0.0; 128];
        values[0] = x;
        Descriptor::from_values(values).expect("128 numbers")
    }

    #[test]
    fn a_template_is_three_to_five_faces_of_one_person() {
        assert!(Template::of(vec![at(0.0), at(0.1)]).is_none(), "two are too few");
        assert!(Template::of((0..6).map(|_| at(0.0)).collect()).is_none(), "six are too many");
        assert!(Template::of(vec![at(0.0), at(0.1), at(0.6)]).is_none(), "one is somebody else");
        let kept = Template::of(vec![at(0.0), at(0.1), at(0.2)]).expect("one person");
        assert_eq!(Template::from_bytes(&kept.to_bytes()), Some(kept.clone()));
        assert_eq!(Template::from_bytes(&kept.to_bytes()[1..]), None);
    }

    #[test]
    fn the_nearest_face_counts_and_the_middle_is_unsure() {
        let kept = Template::of(vec![at(0.0), at(0.1), at(0.2)]).expect("one person");
        for (x, said) in [(0.6, Likeness::Same), (0.7, Likeness::Unsure), (0.9, Likeness::Different)] {
            assert_eq!(Template::judge(kept.distance(&at(x))), said, "{x}");
        }
    }
}
