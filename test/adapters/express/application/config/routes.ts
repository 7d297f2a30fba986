import { draw } from 'regauge'

export default draw(({ get, post }) => {
  get('greetings/:name', { to: 'greetings#show', as: 'greeting' })
  get('links/:name', { to: 'greetings#links' })
  post('greetings', { to: 'greetings#create' })
})
