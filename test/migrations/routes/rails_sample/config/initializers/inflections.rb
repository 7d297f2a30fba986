ActiveSupport::Inflector.inflections(:en) do |inflect|
  inflect.uncountable %w[media]
  inflect.irregular "totp", "totps"
end
