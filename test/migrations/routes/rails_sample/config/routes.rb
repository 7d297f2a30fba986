# frozen_string_literal: true

require "sidekiq/web" if false

# Every construct that a table of routes can show, once.
Rails.application.routes.draw do
  VERSIONS = %w[v1 v2].freeze
  slug = /[a-z0-9-]+/

  root "home#index"
  mount ActionCable.server => "/cable"

  concern :commentable do
    resources :comments, only: %i[index create]
  end
  concern :likeable do |options|
    resource :like, { only: :show }.merge(options)
  end

  namespace :api, defaults: { format: :json } do
    VERSIONS.each do |version|
      namespace version do
        get "status", to: "status##{version}"
      end
    end

    resources :articles, param: :slug, constraints: { slug: slug }, concerns: :commentable do
      get :feed, on: :collection
      collection { delete :destroy }
      member do
        post :favorite
        delete :favorite, action: :unfavorite
        get :preview, :raw
      end
    end
    resources :users, :teams, only: :index
  end

  # Old paths
  get "/stories/:id" => redirect("/articles/%{id}"), constraints: { id: /\d+/ }
  get "/search", to: redirect { |params, request| "/find?#{request.query_string}" }
  match "/contact", to: "contact#form", via: [:get, :post], as: :contact_form
  match "/ping" => "health#ping", :via => :all
  get "photos/:id", to: "photos#show", id: /\d+/

  scope "(:locale)", locale: /en|de/ do
    resources :pages, path: "p", path_names: { new: "make" }, only: %i[show index]
  end
  scope module: "web", as: "web" do
    resource :session, only: %i[create destroy]
  end
  scope path: "admin", shallow_path: "s", shallow_prefix: "adm" do
    resources :projects, shallow: true, only: :index do
      resources :tasks, only: %i[index show update]
    end
  end
  with_options only: :show do |files|
    files.resources :uploads
    files.resource :avatar
  end
  controller :reports do
    get "reports/daily", action: :daily
  end
  defaults format: "csv" do
    get "export", to: "exports#show"
  end

  resources :posts, only: [] do
    resources :comments, only: :show, controller: "post_comments", as: "remarks"
    nested do
      get "stats", to: "stats#show"
    end
  end
  resources :media, only: :show
  resources :totp, only: :index

  if Rails.env.production?
    get "live", to: "home#live"
  else
    get "debug", to: "home#debug"
  end
  get "beta", to: "home#beta" unless Rails.env.production?
  get LEGACY_PATH, to: "legacy#show"

  draw :internal
  get "*unmatched", to: "errors#not_found", via: :all, format: false
end
