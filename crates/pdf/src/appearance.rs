//! Appearance streams: form XObjects with images and fonts (ISO 32000-2, 8.10, 12.5.5).

use crate::geometry::Matrix;
use crate::{Dict, Name, Object, Rect, Ref, Update, UpdateError, font};

/// What a widget or mark looks like: a form XObject that is not yet part of a file.
#[derive(Debug, Clone, Default)]
pub struct Appearance {
    /// Width of the bounding box in points; its origin is at the bottom left.
    pub width: f64,
    /// Height of the bounding box in points.
    pub height: f64,
    /// Content stream (operators of clause 8 and 9).
    pub content: Vec<u8>,
    /// Images that the content names.
    pub images: Vec<Image>,
    /// Fonts that the content names.
    pub fonts: Vec<FontUse>,
    /// Constant alpha states that the content names: resource name and opacity for filling and stroking.
    pub opacities: Vec<(String, f64)>,
}

/// An image XObject (8.9.5).
#[derive(Debug, Clone)]
pub struct Image {
    /// Resource name, as in `/Im0 Do`.
    pub name: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// 8-bit RGB, row by row, without padding.
    pub rgb: Vec<u8>,
    /// 8-bit alpha, made into an /SMask (11.6.5.2).
    pub alpha: Option<Vec<u8>>,
}

/// A font, subset to the glyphs that are used.
#[derive(Debug, Clone)]
pub struct FontUse {
    /// Resource name, as in `/F0 12 Tf`.
    pub name: String,
    /// The whole font, OpenType with CFF or TrueType outlines. Kept by reference: fonts are large.
    pub font: &'static [u8],
    /// Glyphs used with the text they stand for. The content names a glyph by its index in this list plus
    /// one, as a two-byte code: that is its CID in the subset.
    pub glyphs: Vec<(u16, String)>,
}

impl Appearance {
    /// Writes the form XObject with its resources and gives its object.
    ///
    /// # Errors
    /// [`UpdateError::Font`] where a font cannot be subset.
    pub fn write(&self, update: &mut Update) -> Result<Ref, UpdateError> {
        self.write_with(update, Matrix::IDENTITY)
    }

    /// The same for a page that is turned: see [`crate::Page::appearance_matrix`].
    ///
    /// # Errors
    /// [`UpdateError::Font`] where a font cannot be subset.
    pub fn write_with(&self, update: &mut Update, matrix: Matrix) -> Result<Ref, UpdateError> {
        let mut resources = Dict::new();
        let mut is_transparent = !self.opacities.is_empty();
        let mut images = Dict::new();
        for image in &self.images {
            is_transparent |= image.alpha.is_some();
            images.set(Name::from(image.name.clone()), image.write(update));
        }
        let mut fonts = Dict::new();
        for font in self.fonts.iter().filter(|font| !font.glyphs.is_empty()) {
            fonts.set(Name::from(font.name.clone()), font::embed(update, font)?);
        }
        let mut states = Dict::new();
        for (name, opacity) in &self.opacities {
            let state = Dict::new().with("Type", Object::name("ExtGState"));
            states.set(Name::from(name.clone()), state.with("ca", *opacity).with("CA", *opacity));
        }
        for (key, entries) in [("XObject", images), ("Font", fonts), ("ExtGState", states)] {
            if !entries.is_empty() {
                resources.set(key, entries);
            }
        }
        let mut dict = Dict::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::rect(Rect::new(0.0, 0.0, self.width, self.height)))
            .with("Resources", resources);
        if matrix != Matrix::IDENTITY {
            dict.set("Matrix", Object::numbers(matrix.0));
        }
        if is_transparent {
            let group =
                Dict::new().with("S", Object::name("Transparency")).with("CS", Object::name("DeviceRGB"));
            dict.set("Group", group);
        }
        Ok(update.add_stream(dict, &self.content))
    }
}

impl Image {
    fn write(&self, update: &mut Update) -> Ref {
        let mut dict = self.dict("DeviceRGB");
        if let Some(alpha) = &self.alpha {
            dict.set("SMask", update.add_stream(self.dict("DeviceGray"), alpha));
        }
        update.add_stream(dict, &self.rgb)
    }

    fn dict(&self, colour_space: &'static str) -> Dict {
        Dict::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Image"))
            .with("Width", self.width)
            .with("Height", self.height)
            .with("ColorSpace", Object::name(colour_space))
            .with("BitsPerComponent", 8)
    }
}
