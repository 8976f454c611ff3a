//! The weights as the package keeps them: a JSON manifest beside one file of bytes.

use std::collections::HashMap;

use serde::Deserialize;

/// Manifest and bytes of one net.
pub struct File<'a> {
    pub manifest: &'a [u8],
    pub bytes: &'a [u8],
}

/// They are not those of the net.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadWeights(pub String);

impl std::fmt::Display for BadWeights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "weights of a face net: {}", self.0)
    }
}

impl std::error::Error for BadWeights {}

#[derive(Deserialize)]
struct Group {
    weights: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    shape: Vec<usize>,
    dtype: String,
    quantization: Option<Quantization>,
}

#[derive(Deserialize)]
struct Quantization {
    dtype: String,
    scale: f32,
    min: f32,
}

/// All tensors of a net by name.
pub struct Weights(HashMap<String, (Vec<usize>, Vec<f32>)>);

impl Weights {
    pub fn read(file: &File) -> Result<Weights, BadWeights> {
        let groups: Vec<Group> =
            serde_json::from_slice(file.manifest).map_err(|e| BadWeights(e.to_string()))?;
        let mut rest = file.bytes;
        let mut all = HashMap::new();
        for entry in groups.into_iter().flat_map(|g| g.weights) {
            let count: usize = entry.shape.iter().product();
            let short = || BadWeights(format!("{} is cut short", entry.name));
            let values = match &entry.quantization {
                Some(q) if q.dtype == "uint8" => {
                    let (bytes, after) = rest.split_at_checked(count).ok_or_else(short)?;
                    rest = after;
                    bytes.iter().map(|&b| f32::from(b) * q.scale + q.min).collect()
                }
                None if entry.dtype == "float32" => {
                    let (bytes, after) = rest.split_at_checked(count * 4).ok_or_else(short)?;
                    rest = after;
                    bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
                }
                _ => return Err(BadWeights(format!("{} is kept in a way not known", entry.name))),
            };
            all.insert(entry.name, (entry.shape, values));
        }
        if !rest.is_empty() {
            return Err(BadWeights("more bytes than the manifest names".into()));
        }
        Ok(Weights(all))
    }

    /// Takes one tensor, whose shape must be this.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, BadWeights> {
        let (found, values) = self.0.remove(name).ok_or_else(|| BadWeights(format!("{name} is missing")))?;
        if found != shape {
            return Err(BadWeights(format!("{name} has the shape {found:?}, not {shape:?}")));
        }
        Ok(values)
    }
}
