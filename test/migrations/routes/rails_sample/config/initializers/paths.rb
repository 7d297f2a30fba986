LEGACY_PATH = "old/path"
