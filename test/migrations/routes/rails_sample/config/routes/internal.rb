namespace :internal do
  resources :jobs, only: :index do
    put :retry, on: :member
  end
end
